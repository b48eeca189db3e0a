import { type RawBuilder, sql } from 'kysely'

import {
  type Apart,
  forecastOf,
  loosestOf,
  OFTEN,
  type Period,
  refusalsOf,
  topOf,
  totalOf,
  trendOf,
} from '../../oversight/reports/usage-totals.ts'
import { accountProfileRows } from '../account/account.sql.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import type { ComputedSource, Link, ListSource, Rows } from '../plan/source.ts'
import { AccountProfile } from '../refs.ts'
import { moment, nullable, plain, requiredText } from '../sql-json.ts'
import { idIn } from '../ties.ts'
import { backwards } from '../usage/backwards.ts'

const scope = 'oversight:read'

/** What all accounts have used together. */
const ledgerRows: Rows = {
  table: 'usage_apart',
  prefix: null,
  owner: null,
  visibleTo: () => null,
}

const billRows: Rows = { ...ledgerRows, table: 'bill_month' }

function latestMonth(row: string) {
  return sql`${sql.ref(`${row}.month`)} = (select max(month) from bill_month)`
}

const UsageMeasure = builder.enumType('UsageMeasure', {
  description: 'What counts, where the most comes first.',
  values: {
    POINTS: { description: 'Points.' },
    DATABASE: { description: 'Time of the database.' },
    BYTES: { description: 'Bytes of answers.' },
    REFUSALS: { description: 'Refused operations.' },
  } as const,
})

/** A type with what was used, beside whatever it was used by. */
function usedBy(name: string, description: string) {
  return builder.objectRef<object>(name).implement({
    description,
    extensions: FREE,
    fields: (t) => ({
      operations: t.float({
        scope,
        description: 'How many operations there were, refused ones too.',
        source: plain('operations'),
      }),
      points: t.float({ scope, description: 'What they cost.', source: plain('points') }),
      refusals: t.float({
        scope,
        description: 'How many of them were refused.',
        source: plain('refusals'),
      }),
      databaseMs: t.float({
        scope,
        description: 'What they took the database, in milliseconds.',
        source: plain('database_ms'),
      }),
      bytes: t.float({ scope, description: 'Bytes of their answers.', source: plain('bytes') }),
      cost: t.float({
        nullable: true,
        scope,
        description:
          'What they cost in money, at the prices of now and in the currency of the bill. Null before a bill was counted.',
        source: nullable('cost', plain),
      }),
      looseness: t.float({
        nullable: true,
        scope,
        description:
          'What they could cost by what they cost: 1 where prices are exact. Null where nothing was paid.',
        source: nullable('looseness', plain),
      }),
    }),
  })
}

const OversightAccount = usedBy('OversightAccount', 'An account, and what it has used.')
const OversightKey = usedBy('OversightKey', 'An API key, and what it has used.')
const OversightOperation = usedBy(
  'OversightOperation',
  'Operations of one name, and what they have used.',
)
const OversightDay = usedBy('OversightDay', 'A time, and what was used in it.')

builder.objectFields(OversightAccount, (t) => ({
  account: t.field({
    type: AccountProfile,
    nullable: true,
    scope,
    price: 'relation',
    description: 'Null for all accounts that were deleted, together.',
    source: { kind: 'one', rows: accountProfileRows, on: idIn('account_id') },
  }),
}))

builder.objectFields(OversightKey, (t) => ({
  key: t.id({
    scope,
    description: 'Names the key everywhere: `key_…`.',
    source: {
      kind: 'column',
      json: (row) => ['"key_', sql`base58(${sql.ref(`${row}.key_id`)})`, '"'],
    },
  }),
}))

builder.objectFields(OversightOperation, (t) => ({
  operation: t.string({
    scope,
    description: 'Their name in documents; empty for those without one.',
    source: requiredText('operation'),
  }),
}))

builder.objectFields(OversightDay, (t) => ({
  from: t.field({
    type: 'DateTime',
    scope,
    description: 'When it begins.',
    source: moment('from_at'),
  }),
  to: t.field({
    type: 'DateTime',
    scope,
    description: 'The first moment that is not in it.',
    source: moment('to_at'),
  }),
}))

const RefusalCount = builder.objectRef<object>('RefusalCount').implement({
  description: 'How often a code has refused an operation.',
  extensions: FREE,
  fields: (t) => ({
    code: t.string({ scope, description: 'The code.', source: requiredText('code') }),
    refusals: t.float({
      scope,
      description: 'How many operations it has refused. The unit is one.',
      source: plain('refusals'),
    }),
  }),
})

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

const Bill = builder.objectRef<object>('Bill').implement({
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

/** Most rows of a list of this report. */
const TOP = 20
const DAYS_MAX = 800
const CODES_MAX = 50
const SLOWED_MAX = 100

const topArguments = builder.args((t) => ({
  by: t.field({
    type: UsageMeasure,
    required: true,
    defaultValue: 'POINTS',
    description: 'What there is most of comes first.',
  }),
}))

const Oversight = builder.objectRef<object>('Oversight').implement({
  description: 'What all accounts together have used in a time of whole days, and who used it.',
  extensions: FREE,
  fields: (t) => ({
    total: t.field({
      type: OversightDay,
      scope,
      price: 'sum',
      description: 'All of it.',
      source: computed(({ parent }) => {
        const { from, to } = periodOf(parent)
        return sql`select ${from} as from_at, ${to} as to_at, t.* from (${totalOf({ from, to })}) as t`
      }),
    }),
    topAccounts: t.field({
      ...listed('The accounts that used most.'),
      type: [OversightAccount],
      args: topArguments,
      source: top('account_id'),
    }),
    topKeys: t.field({
      ...listed('The keys that used most.'),
      type: [OversightKey],
      args: topArguments,
      source: top('key_id'),
    }),
    topOperations: t.field({
      ...listed('The operations that used most, by their names.'),
      type: [OversightOperation],
      args: topArguments,
      source: top('operation'),
    }),
    trend: t.field({
      ...listed('Each day in which anything was used, earliest first.', DAYS_MAX),
      type: [OversightDay],
      source: list(
        ({ parent }) => trendOf(periodOf(parent)),
        DAYS_MAX,
        (row) => sql.ref(`${row}.from_at`),
      ),
    }),
    refusals: t.field({
      ...listed('How often each code has refused an operation, most often first.', CODES_MAX),
      type: [RefusalCount],
      source: list(
        ({ parent }) => refusalsOf(periodOf(parent)),
        CODES_MAX,
        (row) => sql`${sql.ref(`${row}.refusals`)} desc, ${sql.ref(`${row}.code`)}`,
      ),
    }),
    loosest: t.field({
      ...listed(
        `The operations whose prices say most beyond what they cost, of those that ran ${OFTEN} times or more.`,
      ),
      type: [OversightOperation],
      source: list(({ parent }) => loosestOf(periodOf(parent), TOP), TOP, byMeasure('operation')),
    }),
    forecast: t.field({
      type: OversightDay,
      scope,
      price: 'sum',
      description:
        'What this month (UTC) will have come to: what it came to so far, and for each day that is left the mean of the last seven whole days.',
      source: computed(forecastOf),
    }),
    bill: t.field({
      type: Bill,
      nullable: true,
      scope,
      price: 'relation',
      description:
        'What this month costs in money, whatever time is asked for. Null before it was counted for the first time.',
      source: { kind: 'one', rows: billRows, on: { condition: ({ row }) => latestMonth(row) } },
    }),
  }),
})

builder.queryField('oversight', (t) =>
  t.field({
    type: Oversight,
    scope,
    price: 'shape',
    description: 'What all accounts together have used, and who used it.',
    args: {
      from: t.arg({
        type: 'DateTime',
        description:
          'The day (UTC) that it is in is the first one. 30 days before `to` where it is absent.',
      }),
      to: t.arg({
        type: 'DateTime',
        description:
          'The day (UTC) of the moment before it is the last one; today where it is absent.',
      }),
    },
    source: {
      ...computed(({ bind }) => {
        const to = sql`coalesce(${bind(({ to: value }) => value ?? null)}::timestamptz, now())`
        const from = sql`coalesce(${bind(({ from: value }) => value ?? null)}::timestamptz, ${to} - interval '30 days')`
        return sql`select date_trunc('day', ${from}) as from_at,
          date_trunc('day', ${to} + interval '1 day' - interval '1 microsecond') as to_at`
      }),
      problems: backwards,
    },
  }),
)

function periodOf(parent: string): Period {
  return { from: sql.ref(`${parent}.from_at`), to: sql.ref(`${parent}.to_at`) }
}

function computed(query: ComputedSource['query']): ComputedSource {
  return { kind: 'computed', rows: ledgerRows, query, problems: () => [] }
}

type Linked = Omit<Link, 'row'>

function list(
  query: (link: Linked) => RawBuilder<unknown>,
  atMost: number,
  order: ListSource['order'],
): ListSource {
  return { kind: 'list', rows: ledgerRows, query, atMost, order }
}

function top(apart: Apart): ListSource {
  return list(
    ({ parent, bind }) =>
      topOf(periodOf(parent), apart, { by: sql`${bind(({ by }) => by)}::text`, first: TOP }),
    TOP,
    byMeasure(apart),
  )
}

function byMeasure(apart: Apart): ListSource['order'] {
  return (row) => sql`${sql.ref(`${row}.measure`)} desc nulls last, ${sql.ref(`${row}.${apart}`)}`
}

function listed(description: string, atMost = TOP) {
  return { scope, price: 'sum', atMost, description } as const
}
