import { type Kysely, sql, type Transaction } from 'kysely'
import type { Acts } from '../../auth/act.ts'
import { tell } from '../../auth/sign-in/tell.ts'
import type { Config } from '../../config.ts'
import type { DB } from '../../database/tables.generated.ts'
import type { QuotaStore } from '../../quota/store.ts'
import { CAPACITY_MAX, type MonthPlan, planMonth, type Slowed } from './plan-month.ts'
import { type CpuCost, type Prices, pricesOf } from './prices.ts'
import { type MonthUse, readUse } from './read-use.ts'

/** How often the bill is counted. */
export const COUNT_SECONDS = 60

/** Shares of the ceiling at which the operator is warned, in percent. */
export const WARNED_AT = [50, 80, 95] as const

export interface BillKeeper extends Pick<Acts, 'database' | 'vault' | 'clock' | 'mailsWait'> {
  readonly bill: Config['bill']
  readonly store: Pick<QuotaStore, 'levels'>
  /** Hears, once a month for each, that this share of the ceiling is reached. */
  readonly onWarning: (warning: Warning) => void
}

/** Money in units of the currency. */
export interface Warning {
  readonly percent: number
  readonly spent: number
  readonly forecast: number
  readonly ceiling: number
  readonly currency: string
}

/**
 * What this month has cost so far is counted, and shared out where it has a ceiling; every gateway hears of shares that
 * changed, and every admin, once, of each part of the ceiling that was reached.
 */
export async function keepBill(keeper: BillKeeper): Promise<void> {
  const { database, bill, clock, store } = keeper
  const { kysely } = database
  const prices = pricesOf(bill.prices, await readCpuCost(kysely))
  const use = await readUse(kysely, prices, clock())
  const drawn = bill.ceiling === null ? 0 : await readDrawn(store)
  const warning = await kysely.transaction().execute(async (trx) => {
    const before = await count(trx, { bill, prices, use, now: clock() })
    const slowed = await readSlowed(trx)
    const plan = planOf({ bill, use, drawn, slowed })
    await publishCapacity(trx, { plan, before, drawn, month: use.month })
    await publishShares(trx, plan?.slowed ?? new Map(), slowed)
    return warn(trx, keeper, { use, warnedPercent: before.warned_percent })
  })
  if (warning !== null) keeper.onWarning(warning)
}

/** The measurement that counts. */
async function readCpuCost(kysely: Kysely<DB>): Promise<CpuCost | null> {
  const row = await kysely
    .selectFrom('point_cost')
    .select(['per_operation', 'per_point'])
    .where('resource', '=', 'cpu_us')
    .orderBy('measured_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : { perOperation: row.per_operation, perPoint: row.per_point }
}

/** Points drawn on the budget of the month, whoever drew them. */
async function readDrawn(store: BillKeeper['store']): Promise<number> {
  const budget = { kind: 'window', window: 'month', capacity: CAPACITY_MAX } as const
  const [level] = await store.levels([{ partition: 'service-month', subject: 'all', budget }])
  return CAPACITY_MAX - (level?.remaining ?? CAPACITY_MAX)
}

interface Counted {
  readonly bill: Config['bill']
  readonly prices: Prices
  readonly use: MonthUse
  readonly now: Date
}

/** Writes down what the month has cost; answers what was published of it. Nobody else counts meanwhile. */
async function count(trx: Transaction<DB>, { bill, prices, use, now }: Counted) {
  const counted = {
    currency: bill.currency,
    per_operation: prices.perOperation,
    per_point: prices.perPoint,
    per_database_us: prices.perDatabaseUs,
    per_byte: prices.perByte,
    ceiling: bill.ceiling,
    spent: use.spent,
    forecast: use.forecast,
    point_price: use.pointPrice,
    counted_at: now,
  }
  return trx
    .insertInto('bill_month')
    .values({ month: use.month, ...counted })
    .onConflict((conflict) => conflict.column('month').doUpdateSet(counted))
    .returning(['capacity', 'capacity_of_slowed', 'warned_percent'])
    .executeTakeFirstOrThrow()
}

async function readSlowed(trx: Transaction<DB>): Promise<ReadonlyMap<string | null, Slowed>> {
  const rows = await trx.selectFrom('quota_share').selectAll().execute()
  return new Map(
    rows.map((row) => [
      row.account_id,
      { restorePerSecond: row.restore_per_second, demandPerSecond: row.demand_per_second },
    ]),
  )
}

interface Planned {
  readonly bill: Config['bill']
  readonly use: MonthUse
  readonly drawn: number
  readonly slowed: ReadonlyMap<string | null, Slowed>
}

/** null: everybody may have what the policies say. */
function planOf({ bill: { ceiling }, use, drawn, slowed }: Planned): MonthPlan | null {
  const { pointPrice, spent, secondsLeft, spenders } = use
  if (ceiling === null) return null
  // Before anything was paid nobody knows what a point costs; what is drawn meanwhile counts all the same.
  if (pointPrice === null) {
    return { capacity: CAPACITY_MAX, capacityOfSlowed: CAPACITY_MAX, slowed: new Map() }
  }
  return planMonth({ ceiling, spent, secondsLeft, drawn, pointPrice, spenders, slowed })
}

/** What changes by less than this share of what is left is not worth telling every gateway. */
const CAPACITY_STEP = 0.005
const RATE_STEP = 0.05

interface Published {
  readonly plan: Pick<MonthPlan, 'capacity' | 'capacityOfSlowed'> | null
  readonly before: { readonly capacity: number | null; readonly capacity_of_slowed: number | null }
  readonly drawn: number
  readonly month: Date
}

async function publishCapacity(
  trx: Transaction<DB>,
  { plan, before, drawn, month }: Published,
): Promise<void> {
  const step = CAPACITY_STEP * Math.max(0, (plan?.capacity ?? 0) - drawn)
  const isSame =
    isWithin(step, before.capacity, plan?.capacity ?? null) &&
    isWithin(step, before.capacity_of_slowed, plan?.capacityOfSlowed ?? null)
  if (isSame) return
  await trx
    .updateTable('bill_month')
    .set({
      capacity: plan?.capacity ?? null,
      capacity_of_slowed: plan?.capacityOfSlowed ?? null,
    })
    .where('month', '=', month)
    .execute()
}

function isWithin(step: number, a: number | null, b: number | null): boolean {
  return a === null || b === null ? a === b : Math.abs(a - b) <= step
}

async function publishShares(
  trx: Transaction<DB>,
  planned: MonthPlan['slowed'],
  before: MonthPlan['slowed'],
): Promise<void> {
  for (const id of before.keys()) {
    if (planned.has(id)) continue
    // oxlint-disable-next-line no-await-in-loop -- few change at once
    await trx.deleteFrom('quota_share').where('account_id', 'is not distinct from', id).execute()
  }
  for (const [id, { restorePerSecond, demandPerSecond }] of planned) {
    const known = before.get(id)
    const isSame =
      known !== undefined &&
      known.demandPerSecond === demandPerSecond &&
      isWithin(RATE_STEP * known.restorePerSecond, known.restorePerSecond, restorePerSecond)
    if (isSame) continue
    // Somebody may have been deleted since he was counted.
    // oxlint-disable-next-line no-await-in-loop
    await sql`
      insert into quota_share (account_id, restore_per_second, demand_per_second)
      select ${id}::uuid, ${restorePerSecond}, ${demandPerSecond}
      where ${id}::uuid is null or exists (select from account where id = ${id}::uuid for key share)
      on conflict (account_id) do update
      set restore_per_second = excluded.restore_per_second, demand_per_second = excluded.demand_per_second`.execute(
      trx,
    )
  }
}

/** Every admin is told of the highest share of the ceiling that was reached, unless he was already. */
async function warn(
  trx: Transaction<DB>,
  keeper: BillKeeper,
  { use, warnedPercent }: { readonly use: MonthUse; readonly warnedPercent: number },
): Promise<Warning | null> {
  const { ceiling, currency } = keeper.bill
  const { month, spent, forecast } = use
  if (ceiling === null) return null
  const percent = WARNED_AT.findLast((at) => spent * 100 >= at * ceiling)
  if (percent === undefined || percent <= warnedPercent) return null
  await trx
    .updateTable('bill_month')
    .set({ warned_percent: percent })
    .where('month', '=', month)
    .execute()
  const warning = { percent, spent, forecast, ceiling, currency }
  const admins = await trx
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'admin')
    .where('status', '=', 'active')
    .execute()
  for (const { id: accountId } of admins) {
    // oxlint-disable-next-line no-await-in-loop -- a connection does one thing at a time
    await tell(trx, keeper, { accountId, kind: 'ceiling-nears', details: warning })
  }
  return warning
}
