import { DESIGNS } from '../../database/designs.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { MeasurementName, MOST_MEASUREMENTS } from '../measurement-set/measurement-fields.ts'
import type { ListSource } from '../plan/source.ts'
import { CuratedSet, MeasurementSet } from '../refs.ts'
import { Design, namesOf } from './design.ts'
import {
  byMissing,
  designRows,
  fittingRows,
  heldByCuratedSet,
  heldBySet,
  type HeldBits,
} from './design.sql.ts'

const FittingDesign = builder.objectRef<object>('FittingDesign').implement({
  description: 'A design, and what one set lacks for it.',
  extensions: FREE,
  fields: (t) => ({
    design: t.field({
      type: Design,
      scope: 'public',
      price: 'shape',
      description: 'The design.',
      source: { kind: 'itself' },
    }),
    missing: t.field({
      type: [MeasurementName],
      scope: 'public',
      price: 'scalar-list',
      atMost: MOST_MEASUREMENTS,
      description:
        'What it can not be drafted without and the set does not have; empty where it can.',
      source: namesOf('missing', 'missing_optional', 0),
    }),
    missingOptional: t.field({
      type: [MeasurementName],
      scope: 'public',
      price: 'scalar-list',
      atMost: MOST_MEASUREMENTS,
      description: 'What it would be drafted with if the set had it.',
      source: namesOf('missing', 'missing_optional', 1),
    }),
  }),
})

const fittingArguments = builder.args((t) => ({
  onlyComplete: t.boolean({
    required: true,
    defaultValue: false,
    description: 'Only designs for which the set has all that they can not be drafted without.',
  }),
}))

const common = {
  scope: 'public',
  price: 'list',
  atMost: DESIGNS.length,
  args: fittingArguments,
} as const

builder.objectField(MeasurementSet, 'fittingDesigns', (t) =>
  t.field({
    ...common,
    type: [FittingDesign],
    description:
      'Every design, and what this set lacks for it, its base sets included: first what lacks least, then by code.',
    source: fitting(heldBySet),
  }),
)

builder.objectField(CuratedSet, 'fittingDesigns', (t) =>
  t.field({
    ...common,
    type: [FittingDesign],
    description:
      'Every design, and what this set lacks for it: first what lacks least, then by code.',
    source: fitting(heldByCuratedSet),
  }),
)

function fitting(held: HeldBits): ListSource {
  return {
    kind: 'list',
    rows: designRows,
    query: fittingRows(held),
    order: byMissing,
    atMost: DESIGNS.length,
  }
}
