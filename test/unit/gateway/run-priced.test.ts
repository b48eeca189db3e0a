import { describe, expect, test } from 'vitest'

import { apiError } from '../../../src/errors.ts'
import type { QuotaRefusal } from '../../../src/quota/quota.ts'
import type { Claim } from '../../../src/quota/store.ts'
import type { Progress } from '../../../src/schema/plan/plan.ts'
import {
  BURST,
  CONTROL,
  ESTIMATED,
  levelOf,
  reservation,
  type Run,
  SERVICE,
  tillOf,
  type TillOptions,
} from '../../support/till.ts'

describe('a run that was paid for', () => {
  test('is answered, and costs what its statement counted', async () => {
    const till = tillOf()
    expect(await till.run(finished([7]))).toBe('answer')
    expect(till.calls).toEqual(['reserve burst 50', 'give back 7'])
    expect(till.receipt).toMatchObject({ actual: 7, refunded: 43, isPaidFor: true })
  })

  test('shows the client its own budgets as they are when it is answered', async () => {
    const till = tillOf()
    await till.run(finished([7]))
    expect(till.receipt.levels().map(({ partition }) => partition)).toEqual(['burst'])
  })

  test('costs no more than its estimate, whatever was counted', async () => {
    const till = tillOf()
    await till.run(finished([51]))
    expect(till.calls).toContain('give back 50')
    expect(till.receipt).toMatchObject({ actual: 50, refunded: 0 })
  })

  test('gives back what it did not cost, whether or not the store was asked', async () => {
    const till = tillOf({ quota: { reserve: async () => reservation() } })
    await till.run(finished([7]))
    expect(till.calls).toEqual(['give back 7'])
  })

  test.each<{ readonly name: string; readonly stage: Progress['stage']; readonly charge: number }>([
    { name: 'before its statement was sent', stage: 'waiting', charge: 0 },
    { name: 'after it was sent', stage: 'sent', charge: ESTIMATED },
    { name: 'after it had finished', stage: 'finished', charge: 7 },
  ])('that fails $name costs $charge', async ({ stage, charge }) => {
    const till = tillOf()
    const failure = new Error('It went wrong.')
    await expect(till.run(failing(stage, failure))).rejects.toBe(failure)
    expect(till.calls).toContain(`give back ${charge}`)
    expect(till.receipt).toMatchObject({ actual: charge, refunded: ESTIMATED - charge })
  })

  test.each<{ readonly name: string; readonly stage: Progress['stage']; readonly charge: number }>([
    { name: 'before its statement was sent', stage: 'waiting', charge: 1 },
    { name: 'after it was sent', stage: 'sent', charge: ESTIMATED },
    { name: 'after it had finished', stage: 'finished', charge: 7 },
  ])('whose client left $name costs $charge', async ({ stage, charge }) => {
    const till = tillOf({ signal: AbortSignal.abort() })
    await expect(till.run(failing(stage, new Error('abort')))).rejects.toThrow('abort')
    expect(till.calls).toContain(`give back ${charge}`)
  })

  test('whose cost can not be worked out is charged its estimate, and nothing stays reserved', async () => {
    const till = tillOf({
      actual() {
        throw new Error('Nobody knows.')
      },
    })
    await expect(till.run(finished([7]))).rejects.toThrow('Nobody knows.')
    expect(till.calls).toContain('give back 50')
    expect(till.receipt.actual).toBe(ESTIMATED)
    expect(till.running()).toBe(0)
  })
})

describe('an operation that no budget pays', () => {
  const refusal: QuotaRefusal = {
    kind: 'refused',
    partition: 'service-burst',
    waitMs: 1_000,
    levels: [levelOf(BURST), levelOf(SERVICE)],
  }
  const refusing = { reserve: () => refusal }

  test('does not run, and settles nothing', async () => {
    const till = tillOf({ quota: refusing })
    await expect(till.run(never)).rejects.toThrow('service-burst')
    expect(till.calls).toEqual([])
    expect(till.receipt).toMatchObject({ actual: 0, refunded: 0, isPaidFor: false })
  })

  test('shows the budget of everybody where it is that one', async () => {
    const till = tillOf({ quota: refusing })
    await expect(till.run(never)).rejects.toThrow('service-burst')
    const partitions = till.receipt.levels().map(({ partition }) => partition)
    expect(partitions).toEqual(['burst', 'service-burst'])
  })

  test('runs all the same where nothing is refused, and is told what it cost', async () => {
    const till = tillOf({ quota: refusing, refuse: () => {} })
    expect(await till.run(finished([7]))).toBe('answer')
    expect(till.calls).toEqual([])
    expect(till.receipt).toMatchObject({ actual: 7, refunded: 0, isPaidFor: true })
  })

  test('is paid for by the control budget, where it is such an operation', async () => {
    const till = tillOf({ isControl: true, control: [CONTROL], quota: { reserve: byControl } })
    await till.run(finished([7]))
    expect(till.calls).toEqual(['reserve burst 50', 'reserve control 50', 'give back 7'])
  })

  test.each([
    { name: 'is no such operation', isControl: false, control: [CONTROL] },
    { name: 'comes with a key', isControl: true, control: null },
  ])('is not paid for by the control budget where it $name', async ({ isControl, control }) => {
    const till = tillOf({ isControl, control, quota: { reserve: byControl } })
    await expect(till.run(never)).rejects.toThrow('burst')
    expect(till.calls).toEqual(['reserve burst 50'])
  })

  function byControl(this: void, claims: readonly Claim[], log: (call: string) => void) {
    log(`reserve ${claims[0]?.partition} ${ESTIMATED}`)
    return claims[0] === CONTROL ? reservation() : { ...refusal, partition: 'burst' as const }
  }
})

describe('the operations of one client at the same time', () => {
  test('are refused above their limit, before anything is reserved', async () => {
    const till = tillOf({ limit: 1 })
    const first = Promise.withResolvers<void>()
    const running = till.run(() => first.promise.then(() => 'answer'))
    await expect(till.run(never)).rejects.toThrow('in-flight')
    expect(till.calls).toEqual(['reserve burst 50'])
    first.resolve()
    await running
    expect(await till.run(finished([7]))).toBe('answer')
  })

  test('share the limit with those at other gateways', async () => {
    const till = tillOf({ limit: 2, quota: { gateways: 2 } })
    const first = Promise.withResolvers<void>()
    const running = till.run(() => first.promise.then(() => 'answer'))
    await expect(till.run(never)).rejects.toThrow('in-flight')
    first.resolve()
    await running
  })

  test('above the limit give no place back that they never had', async () => {
    const till = tillOf({ limit: 1, refuse: () => {} })
    const first = Promise.withResolvers<void>()
    const running = till.run(() => first.promise.then(() => 'answer'))
    await till.run(finished([7]))
    expect(till.running()).toBe(1)
    first.resolve()
    await running
    expect(till.running()).toBe(0)
  })

  test.each<[way: string, options: TillOptions, run: Run]>([
    ['an answer', {}, finished([7])],
    ['a failure', {}, failing('sent', new Error('It went wrong.'))],
    ['a refusal', { quota: { reserve: () => ({ ...REFUSED }) } }, never],
    [
      'a store that is away',
      { quota: { reserve: () => Promise.reject(apiError('UNAVAILABLE')) } },
      never,
    ],
  ])('give their place back after %s', async (_way, options, run) => {
    const till = tillOf(options)
    await Promise.allSettled([till.run(run)])
    expect(till.running()).toBe(0)
  })
})

const REFUSED: QuotaRefusal = { kind: 'refused', partition: 'burst', waitMs: 1, levels: [] }

function finished(counts: readonly number[]): Run {
  return async (progress) => {
    Object.assign(progress, { stage: 'finished', counts })
    return 'answer'
  }
}

function failing(stage: Progress['stage'], failure: Error): Run {
  return async (progress) => {
    Object.assign(progress, { stage, counts: stage === 'finished' ? [7] : null })
    throw failure
  }
}

async function never(): Promise<string> {
  throw new Error('It ran, and nobody had paid.')
}
