import { expect, test } from 'vitest'

import { apiError } from '../../../src/errors.ts'
import { createReceipt, withReceipt } from '../../../src/gateway/receipt.ts'
import type { BudgetLevel } from '../../../src/quota/quota.ts'

const ANSWER = { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"data":{}}' }

const BUDGET = { kind: 'bucket', capacity: 100, restorePerSecond: 10 } as const
const BURST: BudgetLevel = { partition: 'burst', budget: BUDGET, remaining: 70.5, resetMs: 2950 }
const DAY: BudgetLevel = {
  partition: 'day',
  budget: { kind: 'window', window: 'day', capacity: 500 },
  remaining: 40,
  resetMs: 1000,
}
const EMERGENCY: BudgetLevel = { partition: 'emergency', budget: BUDGET, remaining: 99, resetMs: 1 }
const ATTEMPTS: BudgetLevel = { partition: 'attempts', budget: BUDGET, remaining: 3, resetMs: 1 }

test('an answer whose budgets nobody knows has a cost, and no fields', () => {
  const { headers, body } = withReceipt(
    ANSWER,
    createReceipt(() => []),
  )
  expect(headers).toEqual(ANSWER.headers)
  expect(JSON.parse(body)).toEqual({
    data: {},
    extensions: {
      cost: { estimated: null, actual: 0, refunded: 0, remaining: null, resetSeconds: null },
    },
  })
})

test('what is left is that of the budget with the fewest points, in whole points and seconds', () => {
  expect(costOf([BURST])).toMatchObject({ remaining: 70, resetSeconds: 3 })
  expect(costOf([BURST, DAY])).toMatchObject({ remaining: 40, resetSeconds: 1 })
  // Attempts are no points.
  expect(costOf([BURST, ATTEMPTS])).toMatchObject({ remaining: 70, resetSeconds: 3 })
})

test('an allowance in place of budgets says so, whatever became of the request', () => {
  const { headers } = withReceipt(
    ANSWER,
    createReceipt(() => [EMERGENCY, ATTEMPTS]),
  )
  expect(headers['RateLimit']).toContain('"emergency";r=99;t=1;maat-mode="emergency"')
  const { headers: normal } = withReceipt(
    ANSWER,
    createReceipt(() => [BURST, ATTEMPTS]),
  )
  expect(normal['RateLimit']).not.toContain('maat-mode')
})

test('a verdict that is no RUN carries the refusal', () => {
  const receipt = createReceipt(() => [])
  receipt.verdict = apiError('CURSOR_INVALID', { message: 'No cursor: "x".', extensions: { a: 1 } })
  const { extensions } = JSON.parse(withReceipt(ANSWER, receipt).body)
  expect(extensions.cost.verdict).toBe('CURSOR_INVALID')
  expect(extensions.refusal).toEqual({ message: 'No cursor: "x".', code: 'CURSOR_INVALID', a: 1 })
})

function costOf(levels: readonly BudgetLevel[]) {
  return JSON.parse(
    withReceipt(
      ANSWER,
      createReceipt(() => levels),
    ).body,
  ).extensions.cost
}
