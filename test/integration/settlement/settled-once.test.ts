import { expect, test } from 'vitest'

import { leasedGateway } from '../../support/leased-gateway.ts'
import { postgresBudgets } from '../../support/postgres-budgets.ts'
import { bucket } from '../../support/quota-under-test.ts'
import { testDatabase } from '../../support/test-database.ts'

const { store, counters } = postgresBudgets(await testDatabase())

test.each([
  ['from a lease', 100_000],
  ['from the store itself', 300],
])(
  'a reservation is settled once, taken %s: what is said of it later changes nothing',
  async (_from, capacity) => {
    const { quota, reserve } = leasedGateway(store)
    const claim = bucket(capacity)
    const reservation = await reserve([claim], 50)
    for (const spent of [10, 0, 50]) quota.settle(reservation, spent)
    await quota.close()
    const { reserved, refunded } = await counters(claim)
    expect(reserved - refunded).toBe(10)
  },
)
