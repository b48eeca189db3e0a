import { MEASUREMENTS, MEASUREMENT_NAMES } from './definitions.ts'

/** Millimetres of one of each unit. */
export const MM_PER_UNIT = { MM: 1, CM: 10, INCH: 25.4 } as const
export type LengthUnitName = keyof typeof MM_PER_UNIT

export function isLengthUnit(value: unknown): value is LengthUnitName {
  return typeof value === 'string' && Object.hasOwn(MM_PER_UNIT, value)
}

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
    const isLength = MEASUREMENTS[name].unit === 'MM'
    return [
      {
        name,
        value: isLength ? convertLength(value, unit) : value,
        unit: isLength ? unit : ('DEG' as const),
        inherited: depth > 0,
      },
    ]
  })
}

/** JSON text of an object of numbers: the same values by name. */
export function measurementsJson(values: readonly MeasurementValue[]): string {
  return JSON.stringify(Object.fromEntries(values.map(({ name, value }) => [name, value])))
}

/** Millimetres in another unit, to a millionth: what lies below is noise of the division. */
export function convertLength(mm: number, unit: LengthUnitName): number {
  return unit === 'MM' ? mm : Math.round((mm / MM_PER_UNIT[unit]) * 1e6) / 1e6
}

function parseMeasurements(text: string): StoredMeasurements {
  // Written by ourselves, from a checked input, and authenticated by the vault where it is sealed.
  return (JSON.parse(text) ?? {}) as StoredMeasurements
}
