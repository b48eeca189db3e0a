import { sql } from 'kysely'

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
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import type { ListSource } from '../plan/source.ts'
import { backwards } from '../usage/backwards.ts'
import { Bill, latestBill } from './bill.ts'
import { computed, list, listed, scope, TOP } from './ledger-source.ts'
import {
  OversightAccount,
  OversightDay,
  OversightKey,
  OversightOperation,
  RefusalCount,
} from './used-by.ts'

const DAYS_MAX = 800
const CODES_MAX = 50

const UsageMeasure = builder.enumType('UsageMeasure', {
  description: 'What counts, where the most comes first.',
  values: {
    POINTS: { description: 'Points.' },
    DATABASE: { description: 'Time of the database.' },
    BYTES: { description: 'Bytes of answers.' },
    REFUSALS: { description: 'Refused operations.' },
  } as const,
})

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
      source: latestBill,
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
