import { describe, expect, test } from 'vitest'

import { drawAttempts } from '../../../src/gateway/demand-control.ts'
import { createReceipt, type Receipt } from '../../../src/gateway/receipt.ts'

const CLAIMS = {
  attempts: { subject: 'a', budget: { kind: 'bucket', capacity: 120, restorePerSecond: 2 } },
} as const

/** What an answer with this status draws. */
function drawn(
  status: number,
  over: Partial<Receipt> = {},
  { body = '{"errors":[]}', isSignedIn = true } = {},
): number[] {
  const taken: number[] = []
  const attempts = {
    take: (_claim: unknown, amount: number) => void taken.push(amount),
    waitMs: () => 0,
    level: () => {
      throw new Error('Nobody asks.')
    },
  }
  const receipt = { ...createReceipt(() => []), ...over }
  drawAttempts(
    { attempts },
    { ...CLAIMS, isSignedIn },
    { receipt, answer: { status, headers: {}, body } },
  )
  return taken
}

describe('an attempt is drawn', () => {
  test.each([200, 400, 401, 422, 429])('for a refusal with %i', (status) => {
    expect(drawn(status)).toEqual([1])
  })

  test('for no answer that refuses nothing', () => {
    expect(drawn(200, {}, { body: '{"data":null}' })).toEqual([])
  })

  test.each([500, 503])('for no refusal that is our fault: %i', (status) => {
    expect(drawn(status)).toEqual([])
  })

  test('for no refusal of what was paid for', () => {
    expect(drawn(422, { isPaidFor: true })).toEqual([])
  })

  test('for no refusal of what the control budget may pay', () => {
    expect(drawn(429, { isControl: true })).toEqual([])
  })

  test('for what the control budget may pay, where nobody is signed in', () => {
    expect(drawn(429, { isControl: true }, { isSignedIn: false })).toEqual([1])
  })
})
