import { MEASUREMENTS, type MeasurementName } from './definitions.ts'

/** Millimetres of one of each unit. */
export const MM_PER_UNIT = { MM: 1, CM: 10, INCH: 25.4 } as const
export type LengthUnitName = keyof typeof MM_PER_UNIT

export function isLengthUnit(value: unknown): value is LengthUnitName {
  return typeof value === 'string' && Object.hasOwn(MM_PER_UNIT, value)
}

/** Millimetres in another unit, to a millionth: what lies below is noise of the division. */
export function convertLength(mm: number, unit: LengthUnitName): number {
  return unit === 'MM' ? mm : toMillionth(mm / MM_PER_UNIT[unit])
}

/** As `convertLength`, to as many digits as give back every millionth of a millimetre: for programs, not for people. */
export function exactLength(mm: number, unit: LengthUnitName): number {
  return unit === 'MM' ? mm : Math.round((mm / MM_PER_UNIT[unit]) * 1e8) / 1e8
}

/** The millimetres of a length in this unit, to a millionth. */
export function toMm(length: number, unit: LengthUnitName): number {
  return toMillionth(length * MM_PER_UNIT[unit])
}

/** What is stored of a value in this unit: millimetres, or the degrees of an angle, which no unit changes; to a millionth. */
export function toStored(name: MeasurementName, value: number, unit: LengthUnitName): number {
  return isAngle(name) ? toMillionth(value) : toMm(value, unit)
}

/** A stored value in this unit; an angle as it is, in degrees. */
export function fromStored(name: MeasurementName, stored: number, unit: LengthUnitName): number {
  return isAngle(name) ? stored : convertLength(stored, unit)
}

export function isAngle(name: MeasurementName): boolean {
  return MEASUREMENTS[name].unit === 'DEG'
}

function toMillionth(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
