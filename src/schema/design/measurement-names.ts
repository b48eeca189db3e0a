import { MEASUREMENT_NAMES, type MeasurementName } from '../../measurements/definitions.ts'

/** The names whose bits are set, in the order of the bits. There are fewer bits than a number holds exactly. */
export function namesIn(bits: number): readonly MeasurementName[] {
  return MEASUREMENT_NAMES.filter((_name, bit) => Math.floor(bits / 2 ** bit) % 2 === 1)
}
