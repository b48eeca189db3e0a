import { createPostgresStore } from '../../src/quota/postgres-store.ts'
import type { QuotaUnderTest } from './quota-under-test.ts'
import type { TestDatabase } from './test-database.ts'

/** Budgets in this database. */
export function postgresBudgets(database: TestDatabase): QuotaUnderTest {
  return {
    store: createPostgresStore(database),
    another: async () => createPostgresStore(database),
    async pass(ms) {
      await database.pool.query(`
        with past as (select interval '1 millisecond' * ${ms} as passed),
          a as (update quota_budget set at = at - passed from past),
          b as (update quota_grant set taken_at = taken_at - passed, forfeit_at = forfeit_at - passed from past)
        update gateway set seen_at = seen_at - passed from past`)
    },
    async counters({ partition, subject }) {
      const { rows } = await database.pool.query(
        `select reserved::int, refunded::int, forfeited::int from quota_budget where partition = $1 and subject = $2`,
        [partition, subject],
      )
      return rows[0]
    },
    async empty() {
      await database.pool.query('truncate quota_forfeited, quota_budget, quota_grant, gateway')
    },
  }
}
