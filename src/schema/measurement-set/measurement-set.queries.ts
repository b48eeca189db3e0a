import { builder } from '../builder.ts'
import { pageArguments } from '../connection.ts'
import { MeasurementSetConnection } from '../connections.ts'
import { FREE_FILTER } from '../directives.ts'
import {
  DATED_ORDERS,
  DatedOrder,
  datedOrder,
  nameEquals,
  publicIs,
  updatedSince,
} from '../pages.ts'
import { MeasurementSet } from '../refs.ts'
import { idIs, ofReader } from '../ties.ts'
import { measurementSetRows } from './measurement-set.sql.ts'
import { FROM_STAFF_LEVEL } from '../staff-level.ts'

const MeasurementSetFilter = builder.inputType('MeasurementSetFilter', {
  description: 'Which sets a list holds: those that meet every condition given.',
  fields: (t) => ({
    public: t.boolean({ description: 'Only public ones, or only private ones.' }),
    nameEquals: t.string({
      description: 'Only those of this name; letter case and surrounding space do not matter.',
    }),
    updatedSince: t.field({
      type: 'DateTime',
      description: 'Only those that changed at this moment or later.',
    }),
  }),
})

/** Arguments of a list of sets. */
export const measurementSetArguments = builder.args((t) => ({
  orderBy: t.field({
    type: DatedOrder,
    required: true,
    defaultValue: 'CREATED_AT',
    description: 'By what the list is sorted.',
  }),
  filter: t.field({
    type: MeasurementSetFilter,
    extensions: FREE_FILTER,
    description: 'Which sets the list holds; all where absent.',
  }),
}))

/** What every list of sets has in common. */
export const measurementSetPage = {
  kind: 'page',
  rows: measurementSetRows,
  orders: DATED_ORDERS,
  order: datedOrder,
  filters: [publicIs, nameEquals, updatedSince],
} as const

builder.queryFields((t) => ({
  measurementSet: t.field({
    type: MeasurementSet,
    nullable: true,
    scope: 'public',
    price: 'relation',
    description: `One measurement set: own, public, or any ${FROM_STAFF_LEVEL}. A private set and a missing one look the same: null.`,
    args: { id: t.arg.id({ required: true, description: '`set_…`' }) },
    source: {
      kind: 'one',
      rows: measurementSetRows,
      on: idIs('set'),
    },
  }),
  measurementSets: t.field({
    type: MeasurementSetConnection,
    scope: 'own-sets:read',
    price: 'connection',
    description: 'The own measurement sets.',
    args: { ...pageArguments, ...measurementSetArguments },
    source: {
      ...measurementSetPage,
      own: true,
      on: ofReader,
    },
  }),
}))
