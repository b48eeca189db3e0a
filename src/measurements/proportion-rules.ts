import type { MeasurementName, Measurements } from './definitions.ts'

export interface ProportionRule<Code extends string> {
  readonly code: Code
  /** Whoever reads the warning looks at these. */
  readonly measurements: readonly MeasurementName[]
  readonly message: string
  /** Also holds where one of its measurements is missing. */
  readonly holds: (measurements: Measurements) => boolean
}

/**
 * How the measurements of a body go together, each rule with the code of its warning. Sides may differ by as much as
 * bodies do: the 40 models stay within 5 % of equal backs, 18 % of equal fronts and 4.5 % of equal legs.
 */
export const PROPORTION_RULES = [
  rule(
    'BUST_BELOW_WAIST',
    ['hpsToWaistFront', 'hpsToBust'],
    (mm) => mm.hpsToWaistFront > mm.hpsToBust,
    'The waist should be farther from the shoulder than the bust is: hpsToWaistFront more than hpsToBust.',
  ),
  rule(
    'UNDERBUST_ABOVE_SHOULDER',
    ['hpsToWaistFront', 'waistToUnderbust'],
    (mm) => mm.hpsToWaistFront > mm.waistToUnderbust,
    'The shoulder should be farther from the waist than the underbust is: hpsToWaistFront more than waistToUnderbust.',
  ),
  rule(
    'ELBOW_BELOW_WRIST',
    ['shoulderToWrist', 'shoulderToElbow'],
    (mm) => mm.shoulderToWrist > mm.shoulderToElbow,
    'The wrist should be farther from the shoulder than the elbow is: shoulderToWrist more than shoulderToElbow.',
  ),
  rule(
    'FRONT_WIDER_THAN_CHEST',
    ['chest', 'bustFront'],
    (mm) => mm.chest > mm.bustFront,
    'The whole chest should be wider than its front: chest more than bustFront.',
  ),
  rule(
    'BACKS_DIFFER',
    ['highBust', 'highBustFront', 'chest', 'bustFront'],
    (mm) => isAbout(mm.highBust - mm.highBustFront, mm.chest - mm.bustFront, 0.2),
    'The back should be about as wide above the bust as at the bust: highBust less highBustFront within 20 % of chest less bustFront.',
  ),
  rule(
    'FRONT_LENGTHS_DIFFER',
    ['hpsToWaistFront', 'hpsToBust', 'bustPointToUnderbust', 'waistToUnderbust'],
    (mm) =>
      mm.bustPointToUnderbust <= 0 ||
      isAbout(
        mm.hpsToWaistFront,
        mm.hpsToBust + mm.bustPointToUnderbust + mm.waistToUnderbust,
        0.2,
      ),
    'The front should be about as long as its parts: hpsToWaistFront within 20 % of hpsToBust, bustPointToUnderbust and waistToUnderbust together.',
  ),
  rule(
    'LEG_SHORTER_THAN_ITS_SIDE',
    ['waistToFloor', 'waistToUpperLeg', 'inseam'],
    (mm) => mm.waistToFloor <= 1.06 * (mm.waistToUpperLeg + mm.inseam),
    'The side of the leg should be about as long as its parts: waistToFloor at most 6 % more than waistToUpperLeg and inseam together.',
  ),
  rule(
    'SEAT_BELOW_UPPER_LEG',
    ['waistToUpperLeg', 'waistToSeat'],
    (mm) => mm.waistToUpperLeg > mm.waistToSeat,
    'The leg should begin below the seat: waistToUpperLeg more than waistToSeat.',
  ),
] as const

function rule<Code extends string, Name extends MeasurementName>(
  code: Code,
  measurements: readonly Name[],
  holds: (mm: Readonly<Record<Name, number>>) => boolean,
  message: string,
): ProportionRule<Code> {
  return { code, measurements, message, holds: (all) => !hasEach(all, measurements) || holds(all) }
}

function hasEach<Name extends MeasurementName>(
  all: Measurements,
  names: readonly Name[],
): all is Measurements & Readonly<Record<Name, number>> {
  return names.every((name) => all[name] !== undefined)
}

/** Whether a length is this share of another at most away from it. */
function isAbout(length: number, other: number, share: number): boolean {
  return Math.abs(length - other) <= share * Math.abs(other)
}
