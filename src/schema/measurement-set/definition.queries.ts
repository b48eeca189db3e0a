import { builder } from '../builder.ts'
import { MEASUREMENTS } from '../../measurements/definitions.ts'
import { MeasurementName, MeasurementUnit, MOST_MEASUREMENTS } from './measurement-fields.ts'

const MeasurementDefinition = builder.objectRef<object>('MeasurementDefinition').implement({
  description: 'A measurement: how it is called, counted and taken.',
  fields: (t) => ({
    name: t.field({
      type: MeasurementName,
      scope: 'public',
      description: 'Its name, as the pattern engine knows it.',
    }),
    unit: t.field({
      type: MeasurementUnit,
      scope: 'public',
      description: 'The unit it is stored in: MM for a length, DEG for an angle.',
    }),
    description: t.string({ scope: 'public', description: 'How to take it.' }),
  }),
})

builder.queryField('measurementDefinitions', (t) =>
  t.field({
    type: [MeasurementDefinition],
    scope: 'public',
    price: 'scalar-list',
    atMost: MOST_MEASUREMENTS,
    description:
      'Every measurement there is, by name: lengths in millimetres, the one angle in degrees.',
    source: {
      kind: 'constant',
      value: () =>
        Object.entries(MEASUREMENTS).map(([name, definition]) => ({ name, ...definition })),
    },
  }),
)
