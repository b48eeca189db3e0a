import { expect, test } from 'vitest'

import { holdTables } from '../../support/held-tables.ts'
import { paidGateway, SETS, SETS_ACTUAL, SETS_ESTIMATED } from '../../support/paid-gateway.ts'
import { policiesWith } from '../../support/policies.ts'
import { costOf } from '../../support/told-cost.ts'

test('a store that is away when an operation is settled keeps nothing from its answer, and hears of it later', async () => {
  // Too little for a lease: the store is told of each operation.
  const policies = policiesWith({ burst: { capacity: 1_000, restorePerSecond: 1 } })
  const gateway = await paidGateway({ policies })
  const held: (() => Promise<void>)[] = []
  gateway.around = async (run, request) => {
    const answer = await run(request)
    held.push(await holdTables(gateway.database, 'quota_budget', 'quota_grant'))
    return answer
  }
  const answer = await gateway.post(SETS, gateway.key)
  expect([answer.status, answer.codes]).toEqual([200, []])
  expect(costOf(answer)).toMatchObject({
    estimated: SETS_ESTIMATED,
    actual: SETS_ACTUAL,
    refunded: SETS_ESTIMATED - SETS_ACTUAL,
  })
  await Promise.all(held.map((release) => release()))
  await expect
    .poll(async () => {
      await gateway.quota.tend()
      const { rows } = await gateway.database.pool.query(
        `select reserved::int, refunded::int from quota_budget where partition = 'burst'`,
      )
      return rows[0]
    })
    .toEqual({ reserved: SETS_ESTIMATED, refunded: SETS_ESTIMATED - SETS_ACTUAL })
})
