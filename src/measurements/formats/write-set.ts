import { csvLine } from '../../csv.ts'
import { MEASUREMENT_NAMES, type Measurements } from '../definitions.ts'
import { exactLength, isAngle, type LengthUnitName } from '../units.ts'
import { printed, type TextFormat } from './printed.ts'
import type { DisplayUnits } from './read-set.ts'

export interface WrittenSet {
  readonly id: string
  readonly name: string
  readonly units: DisplayUnits
  readonly notes: string | null
  readonly image: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Millimetres, degrees for shoulderSlope; those of its base sets where it has none. */
  readonly measurements: Measurements
}

export interface WriteSetOptions {
  /** The username of whose set it is. */
  readonly author?: string | null
  /** The unit of lengths in CSV, millimetres where it is absent; JSON and YAML are always in millimetres. */
  readonly unit?: LengthUnitName | null
}

const ABOUT =
  'A set of body measurements. Lengths are millimetres and shoulderSlope is degrees, whatever units says, which is how to show them.'

/**
 * A set as a file: JSON and YAML as the FreeSewing backend exports sets, CSV as a row of the names that it has and a row of their
 * values. readSets reads each of them again.
 */
export function writeSet(
  set: WrittenSet,
  format: TextFormat | 'csv',
  { author = null, unit }: WriteSetOptions = {},
): string {
  if (format === 'csv') return table(set.measurements, unit ?? 'MM')
  const { id, createdAt, image, name, notes, updatedAt, measurements, units } = set
  return printed(
    {
      author,
      type: 'measurementsSet',
      about: ABOUT,
      id,
      createdAt: createdAt.toISOString(),
      img: image,
      name,
      notes,
      updatedAt: updatedAt.toISOString(),
      measurements,
      units,
    },
    format,
  )
}

function table(measurements: Measurements, unit: LengthUnitName): string {
  const cells = MEASUREMENT_NAMES.flatMap((name) => {
    const stored = measurements[name]
    return stored === undefined
      ? []
      : [{ name, value: isAngle(name) ? stored : exactLength(stored, unit) }]
  })
  return csvLine(cells.map(({ name }) => name)) + csvLine(cells.map(({ value }) => value))
}
