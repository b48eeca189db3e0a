import { createdAt, updatedAt, version } from '../dated-fields.ts'
import { accountProfileRows } from '../account/account.sql.ts'
import { pageArguments } from '../connection.ts'
import { PatternConnection } from '../connections.ts'
import { Units } from '../enums.ts'
import { DATED_ORDERS, byCreation } from '../pages.ts'
import { patternRows } from '../pattern/pattern.sql.ts'
import { AccountProfile, MeasurementSet, Node } from '../refs.ts'
import { bodyMember, sealedLabel } from '../sealed-fields.ts'
import { id, label, plain } from '../sql-json.ts'
import { idIn, referringBy } from '../ties.ts'
import type { OpenedRow } from '../plan/marks.ts'
import {
  measurementListSource,
  measurementsSource,
  MeasurementValue,
  MOST_MEASUREMENTS,
  namesArgument,
  unitArgument,
} from './measurement-fields.ts'
import { SEALED_ROWS } from '../../vault/sealed-rows.ts'
import { measurementSetRows, modifiedAt } from './measurement-set.sql.ts'

const MEASUREMENTS_AT = SEALED_ROWS.measurement_set.body.indexOf('measurements')

MeasurementSet.implement({
  description:
    'The body measurements of one person. Private unless made public, which publishes name, notes, image and all measurements, inherited ones included.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      scope: 'public',
      description: 'Names the set everywhere: `set_…`.',
      source: id('set'),
    }),
    name: t.string({
      scope: 'public',
      description: 'What the owner calls it.',
      source: sealedLabel,
    }),
    notes: t.string({
      scope: 'public',
      nullable: true,
      description: 'Markdown.',
      source: bodyMember('measurement_set', 'notes'),
    }),
    image: t.string({
      scope: 'public',
      nullable: true,
      description: 'URL of a picture.',
      source: bodyMember('measurement_set', 'image'),
    }),
    units: t.field({
      type: Units,
      scope: 'public',
      description: 'How its owner prefers to see lengths; says nothing of the unit of any value.',
      source: label('units'),
    }),
    public: t.boolean({
      scope: 'public',
      description: 'Whether anybody may read it.',
      source: plain('public'),
    }),
    createdAt: t.field(createdAt('public')),
    updatedAt: t.field(updatedAt('public')),
    modifiedAt: t.field({
      type: 'DateTime',
      scope: 'public',
      description: 'When it last changed, or a set that it is based on.',
      source: modifiedAt,
    }),
    version: t.int(version('public')),
    measurements: t.field({
      type: 'Measurements',
      scope: 'public',
      description:
        'All values by name, those of the base set where this one has none: lengths in `unit`, shoulderSlope in degrees.',
      args: { ...unitArgument, ...namesArgument },
      source: measurementsSource(['body', 'base'], textsOf),
    }),
    measurementList: t.field({
      type: [MeasurementValue],
      scope: 'public',
      price: 'scalar-list',
      atMost: MOST_MEASUREMENTS,
      description:
        'The same values one by one, each with its unit and whether it is inherited; lengths in `unit`, shoulderSlope in degrees.',
      args: unitArgument,
      source: measurementListSource(['body', 'base'], textsOf),
    }),
    baseSet: t.field({
      type: MeasurementSet,
      nullable: true,
      scope: 'public',
      price: 'relation',
      description:
        'The set whose measurements hold where this one has none; null where there is none or the caller may not see it.',
      source: {
        kind: 'one',
        rows: measurementSetRows,
        on: idIn('base_set_id'),
      },
    }),
    owner: t.field({
      type: AccountProfile,
      scope: 'public',
      price: 'relation',
      description: 'Whose set it is.',
      source: {
        kind: 'one',
        rows: accountProfileRows,
        on: idIn('account_id'),
      },
    }),
    patterns: t.field({
      type: PatternConnection,
      scope: 'public',
      price: 'connection',
      description: 'Patterns made from it that the caller may see, earliest made first.',
      args: pageArguments,
      source: {
        kind: 'page',
        rows: patternRows,
        on: referringBy('measurement_set_id'),
        orders: DATED_ORDERS,
        order: byCreation,
        filters: [],
      },
    }),
  }),
})

function textsOf({ body, bases }: OpenedRow): readonly [string, ...string[]] {
  return [body[MEASUREMENTS_AT] ?? 'null', ...bases.map((base) => base[MEASUREMENTS_AT] ?? 'null')]
}
