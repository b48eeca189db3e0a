import { hash } from 'node:crypto'

import { expect, test } from 'vitest'

import { chargedPoints } from '../../support/counted-points.ts'
import { paidGateway, type Around, SETS, SETS_ESTIMATED } from '../../support/paid-gateway.ts'
import { costOf } from '../../support/told-cost.ts'

/** What only a defect of a plan would count. */
function counting(count: number): Around {
  return async (run, request) => {
    const answer = await run(request)
    const counts = answer.counts.map(() => count)
    Object.assign(request.progress ?? {}, { counts })
    return { ...answer, counts }
  }
}

test.each([11, 1_000_000, Number.NaN])(
  'an operation that found more than it asked for (%d) is charged its estimate, and reported',
  async (count) => {
    const gateway = await paidGateway()
    gateway.around = counting(count)
    const answer = await gateway.post(SETS, gateway.key)
    expect([answer.status, answer.codes]).toEqual([200, []])
    expect(costOf(answer)).toMatchObject({
      estimated: SETS_ESTIMATED,
      actual: SETS_ESTIMATED,
      refunded: 0,
    })
    expect(await chargedPoints(gateway)).toBe(SETS_ESTIMATED)
    expect(gateway.demand.violations.count).toBe(1)
    const [line = '', ...more] = gateway.logged
    expect(more).toEqual([])
    expect(line).toContain(hash('sha256', SETS))
    expect(line).toContain('"estimated":16')
    expect(line).not.toContain('measurementSets')
  },
)

test('an operation that found all it asked for is no violation', async () => {
  const gateway = await paidGateway()
  gateway.around = counting(10)
  await gateway.post(SETS, gateway.key)
  expect(gateway.demand.violations.count).toBe(0)
  expect(gateway.logged).toEqual([])
})
