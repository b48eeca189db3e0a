/** What a value counts: millimetres, or degrees, which no unit conversion ever touches. */
export type MeasurementKind = 'MM' | 'DEG'

export interface MeasurementDefinition {
  readonly unit: MeasurementKind
  /** How to take it, in plain words. */
  readonly description: string
}

/**
 * Every measurement there is, in the order of the bits of `measured`: the first name is bit 0. Stored bits depend on this
 * order, so nothing is ever moved or taken away, and a new name goes to the end.
 */
export const MEASUREMENTS = {
  ankle: length('Around the ankle, just above the bone.'),
  biceps: length('Around the fullest part of the upper arm, arm relaxed.'),
  bustFront: length(
    'Across the front at the fullest part of the bust, from side seam to side seam.',
  ),
  bustPointToUnderbust: length('From the bust point straight down to the line below the bust.'),
  bustSpan: length('From one bust point to the other.'),
  chest: length('Around the fullest part of the chest.'),
  crossSeam: length('From the waist at the back, between the legs, to the waist at the front.'),
  crossSeamFront: length('From the point between the legs up to the waist at the front.'),
  crotchDepth: length('From the waist down to the seat of a chair, sitting upright.'),
  head: length('Around the fullest part of the head, above the ears.'),
  heel: length('Around the heel and over the instep, foot bent.'),
  highBust: length('Around the chest above the bust, right below the arms.'),
  highBustFront: length('Across the front above the bust, from side seam to side seam.'),
  hips: length('Around the hips, where low trousers sit.'),
  hpsToBust: length('From the high point of the shoulder, beside the neck, to the bust point.'),
  hpsToWaistBack: length('From the high point of the shoulder down the back to the waist.'),
  hpsToWaistFront: length('From the high point of the shoulder over the bust to the waist.'),
  inseam: length('From the point between the legs straight down to the floor.'),
  knee: length('Around the knee.'),
  neck: length('Around the neck, where a collar sits.'),
  seat: length('Around the fullest part of the seat.'),
  seatBack: length('Across the back at the fullest part of the seat, from side seam to side seam.'),
  shoulderSlope: angle('How far the shoulder drops from the horizontal.'),
  shoulderToElbow: length('From the tip of the shoulder down the arm to the elbow.'),
  shoulderToShoulder: length('Across the back from the tip of one shoulder to the other.'),
  shoulderToWrist: length(
    'From the tip of the shoulder over the slightly bent elbow to the wrist.',
  ),
  underbust: length('Around the ribs, right below the bust.'),
  upperLeg: length('Around the fullest part of the thigh.'),
  waist: length('Around the waist, at its narrowest or where a belt feels right.'),
  waistBack: length('Across the back at the waist, from side seam to side seam.'),
  waistToArmpit: length('From the waist up the side to the armpit.'),
  waistToFloor: length('From the waist down the side to the floor.'),
  waistToHips: length('From the waist down the side to the hips.'),
  waistToKnee: length('From the waist down the side to the knee.'),
  waistToSeat: length('From the waist down the side to the fullest part of the seat.'),
  waistToUnderbust: length('From the waist up to the line below the bust.'),
  waistToUpperLeg: length('From the waist down the side to the top of the leg.'),
  wrist: length('Around the wrist, over the bone.'),
} as const satisfies Record<string, MeasurementDefinition>

export type MeasurementName = keyof typeof MEASUREMENTS

/** Values by name: millimetres, degrees for shoulderSlope. */
export type Measurements = { readonly [name in MeasurementName]?: number }

/** The names in the order of their bits. */
export const MEASUREMENT_NAMES = Object.keys(MEASUREMENTS).filter(isMeasurementName)

/** Whether there is a measurement of exactly this name. */
export function isMeasurementName(name: string): name is MeasurementName {
  return Object.hasOwn(MEASUREMENTS, name)
}

/** One bit for each measurement that is present: what the column `measured` holds. */
export function measuredBits(measurements: Measurements): bigint {
  return MEASUREMENT_NAMES.reduce(
    (bits, name, bit) => (measurements[name] === undefined ? bits : bits | (1n << BigInt(bit))),
    0n,
  )
}

function length(description: string) {
  return { unit: 'MM', description } as const
}

function angle(description: string) {
  return { unit: 'DEG', description } as const
}
