import { sql } from 'kysely'
import { accountProfileRows } from '../account/account.sql.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import type { OneSource, Rows } from '../plan/source.ts'
import { AccountProfile } from '../refs.ts'
import { moment, nullable, plain, requiredText } from '../sql-json.ts'
import { idIn } from '../ties.ts'
import { ledgerRows, list, listed, scope } from './ledger-source.ts'

const SLOWED_MAX = 100

const billRows: Rows = { ...ledgerRows, table: 'bill_month' }

/** What was counted last. */
export const latestBill: OneSource = {
  kind: 'one',
  rows: billRows,
  on: {
    condition: ({ row }) => sql`${sql.ref(`${row}.month`)} = (select max(month) from bill_month)`,
  },
}

const SlowedAccount = builder.objectRef<object>('SlowedAccount').implement({
  description:
    'Who would use more than a fair share of what is left of the month, and what he has instead.',
  extensions: FREE,
  fields: (t) => ({
    account: t.field({
      type: AccountProfile,
      nullable: true,
      scope,
      price: 'relation',
      description: 'Null for all clients without credentials, together.',
      source: { kind: 'one', rows: accountProfileRows, on: idIn('account_id') },
    }),
    restorePerSecond: t.float({
      scope,
      description: 'How many points a second come back to his budget.',
      source: plain('restore_per_second'),
    }),
    demandPerSecond: t.float({
      scope,
      description: 'How many points a second he used before.',
      source: plain('demand_per_second'),
    }),
  }),
})

export const Bill = builder.objectRef<object>('Bill').implement({
  description: 'What the month (UTC) costs.',
  extensions: FREE,
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      scope,
      description: 'When the month begins.',
      source: moment('month'),
    }),
    countedAt: t.field({
      type: 'DateTime',
      scope,
      description: 'When it was counted.',
      source: moment('counted_at'),
    }),
    currency: t.string({
      scope,
      description: 'What amounts are in: a code of ISO 4217.',
      source: requiredText('currency'),
    }),
    spent: t.float({
      scope,
      description: 'What the month has cost so far, in `currency`.',
      source: plain('spent'),
    }),
    forecast: t.float({
      scope,
      description: 'What it will have cost, at the rate of late, in `currency`.',
      source: plain('forecast'),
    }),
    ceiling: t.float({
      nullable: true,
      scope,
      description: 'What it may cost, in `currency`. Null where that is not limited.',
      source: nullable('ceiling', plain),
    }),
    warnedPercent: t.int({
      scope,
      description:
        'The highest share of the ceiling at which admins were warned, in percent; 0: they were not.',
      source: plain('warned_percent'),
    }),
    pointPrice: t.float({
      nullable: true,
      scope,
      description:
        'What a point has cost of late, all in all, in `currency`. Null where nothing was paid.',
      source: nullable('point_price', plain),
    }),
    slowed: t.field({
      ...listed(
        'Who is slowed down so that the ceiling holds; whoever would use most comes first.',
        SLOWED_MAX,
      ),
      price: 'list',
      type: [SlowedAccount],
      source: list(
        () => sql`select * from quota_share`,
        SLOWED_MAX,
        (row) =>
          sql`${sql.ref(`${row}.demand_per_second`)} desc, ${sql.ref(`${row}.account_id`)} nulls first`,
      ),
    }),
  }),
})
