import { type Kysely, sql } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import type { Spender } from './plan-month.ts'
import type { Prices } from './prices.ts'

/** What a month (UTC) has cost up to a moment in it, in units of the currency. */
export interface MonthUse {
  readonly month: Date
  readonly secondsLeft: number
  readonly spent: number
  /** What it will have come to, at the rate of late. */
  readonly forecast: number
  /** What a point has cost of late, more than 0; null where nothing was paid. */
  readonly pointPrice: number | null
  /** Everybody who is still there; whatever was used by those who are gone is in `spent` alone. */
  readonly spenders: readonly Spender[]
}

/** Of late: the last seven days and today, or yesterday and today, whichever has more of it by the second. */
const DAYS_OF_LATE = [7, 1] as const
const DAY_MS = 86_400_000
/** What was used within less time than that tells nothing about a whole month yet. */
const SPAN_MIN_SECONDS = 3600
/** In place of an account that was deleted. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

/** Sums up the ledger at these prices. */
export async function readUse(kysely: Kysely<DB>, prices: Prices, now: Date): Promise<MonthUse> {
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()))
  const end = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
  const [week, yesterday] = DAYS_OF_LATE.map((days) => new Date(midnight - days * DAY_MS))
  const since = new Date(Math.min(month.getTime(), midnight - DAYS_OF_LATE[0] * DAY_MS))
  const { perOperation, perPoint, perDatabaseUs, perByte } = prices
  const cost = sql`(operations * ${perOperation}::float8 + points * ${perPoint}::float8
    + database_us * ${perDatabaseUs}::float8 + bytes * ${perByte}::float8)`
  const { rows } = await sql<UseRow>`
    with lines as (
      select kind, account_id, day as at, points, ${cost} as cost
      from usage_apart where kind in ('all', 'account') and day >= ${since} and day <= ${now}
      union all
      select k.kind, case when k.kind = 'account' then account_id end, date_trunc('day', recorded_at, 'UTC'), points, ${cost}
      from usage_fresh cross join (values ('all'), ('account')) as k (kind)
      where recorded_at >= ${since} and (k.kind = 'all' or account_id is not null)
    )
    select kind, account_id, min(at) as first_at, coalesce(sum(cost) filter (where at >= ${month}), 0)::float8 as spent,
      coalesce(sum(cost) filter (where at >= ${week}), 0)::float8 as week_cost,
      coalesce(sum(points) filter (where at >= ${week}), 0)::float8 as week_points,
      coalesce(sum(cost) filter (where at >= ${yesterday}), 0)::float8 as recent_cost
    from lines group by 1, 2`.execute(kysely)

  const all = rows.find(({ kind }) => kind === 'all') ?? NOTHING
  const spanFrom = (from: Date | undefined): number =>
    Math.max(
      SPAN_MIN_SECONDS,
      (now.getTime() - Math.max(from?.getTime() ?? 0, all.first_at.getTime())) / 1000,
    )
  const [weekSpan, recentSpan] = [spanFrom(week), spanFrom(yesterday)]
  const perSecond = (use: Sums): number =>
    Math.max(use.week_cost / weekSpan, use.recent_cost / recentSpan)
  const pointPrice = priceOf(all)
  const spender = (id: string | null, use: Sums): Spender => ({
    id,
    spent: use.spent,
    spentPerSecond: perSecond(use),
    pointPrice: priceOf(use) ?? pointPrice ?? 0,
  })
  const accounts = rows.filter(({ kind }) => kind === 'account')
  const secondsLeft = (end - now.getTime()) / 1000
  return {
    month,
    secondsLeft,
    spent: all.spent,
    forecast: all.spent + perSecond(all) * secondsLeft,
    pointPrice,
    spenders: [
      ...accounts
        .filter(({ account_id: id }) => id !== NOBODY)
        .map((row) => spender(row.account_id, row)),
      spender(null, without(all, accounts)),
    ],
  }
}

interface Sums {
  readonly spent: number
  readonly week_cost: number
  readonly week_points: number
  readonly recent_cost: number
}

interface UseRow extends Sums {
  readonly kind: 'all' | 'account'
  readonly account_id: string | null
  readonly first_at: Date
}

const NOTHING: Sums & { readonly first_at: Date } = {
  first_at: new Date(0),
  spent: 0,
  week_cost: 0,
  week_points: 0,
  recent_cost: 0,
}

function priceOf({ week_cost: cost, week_points: points }: Sums): number | null {
  return cost > 0 && points > 0 ? cost / points : null
}

/** What is left once these are taken away; sums of fractions are not exact. */
function without(all: Sums, rows: readonly Sums[]): Sums {
  const left = (name: keyof Sums): number =>
    Math.max(0, all[name] - rows.reduce((sum, row) => sum + row[name], 0))
  return {
    spent: left('spent'),
    week_cost: left('week_cost'),
    week_points: left('week_points'),
    recent_cost: left('recent_cost'),
  }
}
