import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { LengthUnit } from '../enums.ts'
import type { ArgumentValues, OpenedSource } from '../plan/source.ts'
import { MEASUREMENTS } from '../../measurements/definitions.ts'
import { isLengthUnit, type LengthUnitName } from '../../measurements/units.ts'
import { measurementsJson, measurementValues } from './measurements.ts'

export const MeasurementName = builder.enumType('MeasurementName', {
  description:
    'The measurements of the made-to-measure community, under the names its pattern engine knows.',
  values: Object.fromEntries(
    Object.entries(MEASUREMENTS).map(([name, { unit, description }]) => [
      name,
      {
        description: `${description} ${unit === 'DEG' ? 'An angle, in degrees.' : 'A length, in the unit asked for.'}`,
      },
    ]),
  ),
})

export const MeasurementUnit = builder.enumType('MeasurementUnit', {
  description: 'The unit of one value.',
  values: {
    MM: { description: 'Millimetres.' },
    CM: { description: 'Centimetres.' },
    INCH: { description: 'Inches.' },
    DEG: { description: 'Degrees.' },
  } as const,
})

export const MeasurementValue = builder.objectRef<object>('MeasurementValue').implement({
  description: 'One measurement of a set.',
  extensions: FREE,
  fields: (t) => ({
    name: t.field({ type: MeasurementName, scope: 'public', description: 'Which measurement.' }),
    value: t.float({ scope: 'public', description: 'The value in `unit`.' }),
    unit: t.field({
      type: MeasurementUnit,
      scope: 'public',
      description: 'The unit of `value`: the one asked for, DEG for an angle.',
    }),
    inherited: t.boolean({
      scope: 'public',
      description:
        'Whether the base set holds it and the set itself does not; a curated set inherits nothing.',
    }),
  }),
})

/** Most values that one set has. */
export const MOST_MEASUREMENTS = Object.keys(MEASUREMENTS).length

export const unitArgument = builder.args((t) => ({
  unit: t.field({
    type: LengthUnit,
    required: true,
    defaultValue: 'MM',
    description: 'Unit of lengths: MM, CM or INCH. Angles are degrees always.',
  }),
}))

export const namesArgument = builder.args((t) => ({
  names: t.field({
    type: [MeasurementName],
    description: 'Only these measurements; all where absent or null.',
  }),
}))

/** Texts of one set's measurements, its own first, then those of its base sets. */
type ReadTexts = (opened: Parameters<OpenedSource['value']>[0]) => readonly [string, ...string[]]

/** The field `measurements`, made from these texts. */
export function measurementsSource(needs: OpenedSource['needs'], read: ReadTexts): OpenedSource {
  return {
    kind: 'opened',
    needs,
    value(opened, values) {
      const texts = read(opened)
      const { unit, names } = choiceOf(values)
      // The stored text is the answer as long as nobody asks for anything else of it.
      if (unit === 'MM' && names === null && texts.length === 1)
        return { json: texts[0] === 'null' ? '{}' : texts[0] }
      return { json: measurementsJson(measurementValues(texts, { unit, names })) }
    },
  }
}

/** The field `measurementList`, made from these texts. */
export function measurementListSource(needs: OpenedSource['needs'], read: ReadTexts): OpenedSource {
  return {
    kind: 'opened',
    needs,
    value: (opened, values) => ({ items: measurementValues(read(opened), choiceOf(values)) }),
  }
}

/** The unit that the argument `unit` asks for. */
export function unitOf({ unit }: ArgumentValues): LengthUnitName {
  return isLengthUnit(unit) ? unit : 'MM'
}

/** Unit and names that the arguments of a field ask for. */
function choiceOf(values: ArgumentValues): {
  unit: LengthUnitName
  names: readonly string[] | null
} {
  const { names } = values
  return { unit: unitOf(values), names: Array.isArray(names) ? names.map(String) : null }
}
