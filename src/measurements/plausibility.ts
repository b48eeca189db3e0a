import type { MeasurementName, Measurements } from './definitions.ts'
import { PROPORTION_RULES } from './proportion-rules.ts'
import {
  type Scale,
  SINGLE_MIX_UPS,
  singleMixUps,
  WHOLE_MIX_UPS,
  wholeMixUps,
} from './unit-mix-ups.ts'

/** Every rule by which something is warned of. */
export const WARNING_RULES = [...WHOLE_MIX_UPS, ...SINGLE_MIX_UPS, ...PROPORTION_RULES]

/** Every code that a warning may have. */
export const WARNING_CODES = WARNING_RULES.map(({ code }) => code)
export type WarningCode = (typeof WARNING_CODES)[number]

/** Something that is probably wrong and is stored all the same. Says no value. */
export interface Warning {
  readonly code: WarningCode
  readonly message: string
  /** What to look at again. */
  readonly measurements: readonly MeasurementName[]
}

/**
 * What is hardly possible of these measurements, millimetres and degrees: unit mix-ups of the whole set, then of single values,
 * then what does not go together. A rule asks only where all of its measurements are present.
 */
export function warningsFor(
  measurements: Measurements,
  { scale = 'PERSON' }: { readonly scale?: Scale } = {},
): readonly Warning[] {
  return [
    ...wholeMixUps(measurements, scale),
    ...singleMixUps(measurements),
    ...PROPORTION_RULES.filter((rule) => !rule.holds(measurements)).map((rule) => ({
      code: rule.code,
      message: rule.message,
      measurements: rule.measurements,
    })),
  ]
}
