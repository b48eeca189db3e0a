import { MEASUREMENT_NAMES, type MeasurementName, type Measurements } from './definitions.ts'

export interface Range {
  readonly least: number
  readonly most: number
}

export type LengthName = Exclude<MeasurementName, 'shoulderSlope'>

/**
 * The least and the most of every length among the 20 adults of @freesewing/models 4.10.2 (MIT), in millimetres. They are
 * synthetic: sizes 28 to 46 for women and 32 to 50 for men.
 */
export const ADULT_RANGES: Readonly<Record<LengthName, Range>> = {
  ankle: { least: 198, most: 331 },
  biceps: { least: 222, most: 461 },
  bustFront: { least: 438, most: 648 },
  bustPointToUnderbust: { least: 55, most: 118 },
  bustSpan: { least: 146, most: 220 },
  chest: { least: 762, most: 1316 },
  crossSeam: { least: 662, most: 1035 },
  crossSeamFront: { least: 331, most: 488 },
  crotchDepth: { least: 239, most: 410 },
  head: { least: 530, most: 655 },
  heel: { least: 301, most: 388 },
  highBust: { least: 712, most: 1355 },
  highBustFront: { least: 401, most: 660 },
  hips: { least: 707, most: 1218 },
  hpsToBust: { least: 243, most: 338 },
  hpsToWaistBack: { least: 350, most: 566 },
  hpsToWaistFront: { least: 354, most: 554 },
  inseam: { least: 731, most: 842 },
  knee: { least: 336, most: 494 },
  neck: { least: 280, most: 500 },
  seat: { least: 903, most: 1224 },
  seatBack: { least: 465, most: 666 },
  shoulderToElbow: { least: 310, most: 417 },
  shoulderToShoulder: { least: 367, most: 542 },
  shoulderToWrist: { least: 559, most: 690 },
  underbust: { least: 642, most: 1289 },
  upperLeg: { least: 525, most: 714 },
  waist: { least: 638, most: 1027 },
  waistBack: { least: 323, most: 520 },
  waistToArmpit: { least: 151, most: 253 },
  waistToFloor: { least: 976, most: 1307 },
  waistToHips: { least: 111, most: 157 },
  waistToKnee: { least: 531, most: 771 },
  waistToSeat: { least: 221, most: 325 },
  waistToUnderbust: { least: 49, most: 98 },
  waistToUpperLeg: { least: 252, most: 410 },
  wrist: { least: 150, most: 203 },
}

/** The lengths of a set: name, millimetres, and what adults have there. Angles look the same in every unit. */
export function lengthsOf(measurements: Measurements): readonly Length[] {
  return LENGTH_NAMES.flatMap((name) => {
    const mm = measurements[name]
    return mm === undefined ? [] : [{ name, mm, adult: ADULT_RANGES[name] }]
  })
}

export interface Length {
  readonly name: LengthName
  readonly mm: number
  readonly adult: Range
}

const LENGTH_NAMES = MEASUREMENT_NAMES.filter(isLengthName)

function isLengthName(name: MeasurementName): name is LengthName {
  return Object.hasOwn(ADULT_RANGES, name)
}
