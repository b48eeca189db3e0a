import { type Kysely, sql } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import type { PolicyStep } from './decide.ts'
import { MEASURE_SQL } from './measure-sql.ts'
import type { OversightPolicy } from './oversight-policy.ts'
import { hoursOfWindow } from './policy-window.ts'

/** What an account used within the window of a policy, and what that policy did about it last. */
export interface HeavyUser {
  readonly accountId: string
  readonly value: number
  readonly last: PolicyStep | null
}

/** Accounts looked at once; the heaviest first. */
const USERS_MAX = 1000

/**
 * The accounts that used so much within the window that the policy may do something about them, heaviest first. Those of
 * support and admin are not among them, nor what has no account.
 */
export async function findHeavyUsers(
  kysely: Kysely<DB>,
  policy: OversightPolicy,
  now: Date,
): Promise<readonly HeavyUser[]> {
  const { oldest, oldestShare } = hoursOfWindow(policy.over, now)
  const { ofHour, ofRecord } = MEASURE_SQL[policy.measure]
  const { rows } = await sql<UserRow>`
    with used as (
      select account_id, sum(case when hour = ${oldest} then ${ofHour} * ${oldestShare}::float8 else ${ofHour} end)::float8 as value
      from usage_hour where hour >= ${oldest} and account_id is not null group by 1
      union all
      select account_id, sum(case when date_trunc('hour', recorded_at, 'UTC') = ${oldest} then ${ofRecord} * ${oldestShare}::float8
        else ${ofRecord} end)::float8
      from usage_fresh where recorded_at >= ${oldest} and account_id is not null group by 1
    ), heavy as (
      select account_id, sum(value) as value from used group by 1 having sum(value) >= ${policy.below}
    )
    select h.account_id, h.value, l.until, l.ended_at
    from heavy h join account a on a.id = h.account_id
    left join lateral (
      select i.until, i.ended_at from intervention i
      where i.account_id = h.account_id and i.policy = ${policy.name} order by i.created_at desc, i.id desc limit 1
    ) l on true
    where a.role not in ('support', 'admin')
    order by h.value desc, h.account_id limit ${USERS_MAX}`.execute(kysely)
  return rows.map(({ account_id: accountId, value, until, ended_at: endedAt }) => ({
    accountId,
    value,
    last: until === null ? null : { untilMs: until.getTime(), isOpen: endedAt === null },
  }))
}

interface UserRow {
  readonly account_id: string
  readonly value: number
  readonly until: Date | null
  readonly ended_at: Date | null
}
