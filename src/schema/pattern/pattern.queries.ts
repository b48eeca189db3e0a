import { sql } from 'kysely'
import { builder } from '../builder.ts'
import { pageArguments } from '../connection.ts'
import { PatternConnection } from '../connections.ts'
import { FREE_FILTER } from '../directives.ts'
import {
  DATED_ORDERS,
  DatedOrder,
  datedOrder,
  filterBy,
  nameEquals,
  publicIs,
  updatedSince,
} from '../pages.ts'
import { Pattern } from '../refs.ts'
import { idIs, ofReader } from '../ties.ts'
import { patternRows } from './pattern.sql.ts'
import { FROM_STAFF_LEVEL } from '../staff-level.ts'

const PatternFilter = builder.inputType('PatternFilter', {
  description: 'Which patterns a list holds: those that meet every condition given.',
  fields: (t) => ({
    public: t.boolean({ description: 'Only public ones, or only private ones.' }),
    nameEquals: t.string({
      description: 'Only those of this name; letter case and surrounding space do not matter.',
    }),
    design: t.string({ description: 'Only those of this design: its code.' }),
    updatedSince: t.field({
      type: 'DateTime',
      description: 'Only those that changed at this moment or later.',
    }),
  }),
})

/** Arguments of a list of patterns. */
export const patternArguments = builder.args((t) => ({
  orderBy: t.field({
    type: DatedOrder,
    required: true,
    defaultValue: 'CREATED_AT',
    description: 'By what the list is sorted.',
  }),
  filter: t.field({
    type: PatternFilter,
    extensions: FREE_FILTER,
    description: 'Which patterns the list holds; all where absent.',
  }),
}))

/** What every list of patterns has in common. */
export const patternPage = {
  kind: 'page',
  rows: patternRows,
  orders: DATED_ORDERS,
  order: datedOrder,
  filters: [
    publicIs,
    nameEquals,
    updatedSince,
    filterBy('design', (row, value) => sql`${sql.ref(`${row}.design`)} = ${value}::text`),
  ],
} as const

builder.queryFields((t) => ({
  pattern: t.field({
    type: Pattern,
    nullable: true,
    scope: 'public',
    price: 'relation',
    description: `One pattern: own, public, or any ${FROM_STAFF_LEVEL}. A private pattern and a missing one look the same: null.`,
    args: { id: t.arg.id({ required: true, description: '`pat_…`' }) },
    source: { kind: 'one', rows: patternRows, on: idIs('pat') },
  }),
  patterns: t.field({
    type: PatternConnection,
    scope: 'own-patterns:read',
    price: 'connection',
    description: 'The own patterns.',
    args: { ...pageArguments, ...patternArguments },
    source: { ...patternPage, own: true, on: ofReader },
  }),
}))
