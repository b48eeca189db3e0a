import type { MeasurementName } from './definitions.ts'
import { isAngle } from './units.ts'

/** The longest length, in millimetres: wide, because dolls and giants are measured too. */
export const LENGTH_MAX_MM = 10_000
/** The steepest slope, in degrees. */
export const SLOPE_MAX_DEG = 90

/** What is accepted where a stored value is out of bounds (millimetres, or degrees); null where it is within. */
export function boundsProblem(name: MeasurementName, value: number): string | null {
  if (isAngle(name))
    return value >= 0 && value <= SLOPE_MAX_DEG
      ? null
      : `${name} is from 0 to ${SLOPE_MAX_DEG} degrees.`
  if (value > 0 && value <= LENGTH_MAX_MM) return null
  return `${name} is more than 0 and at most ${LENGTH_MAX_MM} mm, which are 1000 cm or 393.7 in.`
}
