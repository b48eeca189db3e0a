import { MEASUREMENT_NAMES } from '../../measurements/definitions.ts'
import { fromStored, isAngle, type LengthUnitName } from '../../measurements/units.ts'

/** A value as an answer lists it. */
export interface MeasurementValue {
  readonly name: string
  readonly value: number
  readonly unit: LengthUnitName | 'DEG'
  /** Whether a base set holds it and the set itself does not. */
  readonly inherited: boolean
}

type StoredMeasurements = Readonly<Record<string, number>>

/**
 * The values of a set in the order of their names' bits, in this unit (angles in degrees), the nearest base set first where
 * the set has none of its own. Each text is the JSON of one set's measurements: the set's, then those of its base sets.
 */
export function measurementValues(
  texts: readonly string[],
  { unit, names }: { readonly unit: LengthUnitName; readonly names: readonly string[] | null },
): readonly MeasurementValue[] {
  const stored = texts.map(parseMeasurements)
  return MEASUREMENT_NAMES.flatMap((name) => {
    if (names !== null && !names.includes(name)) return []
    const depth = stored.findIndex((measurements) => measurements[name] !== undefined)
    const value = stored[depth]?.[name]
    if (value === undefined) return []
    return [
      {
        name,
        value: fromStored(name, value, unit),
        unit: isAngle(name) ? ('DEG' as const) : unit,
        inherited: depth > 0,
      },
    ]
  })
}

/** JSON text of an object of numbers: the same values by name. */
export function measurementsJson(values: readonly MeasurementValue[]): string {
  return JSON.stringify(Object.fromEntries(values.map(({ name, value }) => [name, value])))
}

function parseMeasurements(text: string): StoredMeasurements {
  // Written by ourselves, from a checked input, and authenticated by the vault where it is sealed.
  return (JSON.parse(text) ?? {}) as StoredMeasurements
}
