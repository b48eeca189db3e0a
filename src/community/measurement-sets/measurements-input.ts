import { z } from 'zod'
import { boundsProblem } from '../../measurements/bounds.ts'
import {
  isMeasurementName,
  MEASUREMENT_NAMES,
  type MeasurementName,
  type Measurements,
} from '../../measurements/definitions.ts'
import { type LengthUnitName, toStored } from '../../measurements/units.ts'
import { nearestName } from '../../nearest-name.ts'

/** An object of any members: what they are is looked at with the unit. */
export const measurementsSchema = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)

/** Measurements as a client sends them: numbers in a unit that it names, null to take one away. */
export interface GivenMeasurements {
  readonly measurements?: Readonly<Record<string, unknown>> | null | undefined
  readonly unit?: LengthUnitName | null | undefined
}

/** What changes: stored values by name, null for one that goes. */
export type MeasurementChanges = { readonly [name in MeasurementName]?: number | null }

/** Measurements are looked at also where other members are not what they should be: everything is told at once. */
export const WHATEVER_ELSE = { when: () => true } as const

/** Adds to the problems of an input what is wrong with its measurements, each at its name. */
export function checkMeasurements(
  { measurements, unit }: GivenMeasurements,
  context: z.RefinementCtx,
): void {
  const entries = Object.entries(measurements ?? {})
  if (entries.length > NAMES_MAX) {
    context.addIssue({ code: 'custom', path: ['measurements'], message: TOO_MANY })
    return
  }
  if (unit == null && entries.some(([, value]) => value !== null)) {
    context.addIssue({ code: 'custom', path: ['unit'], message: UNIT_MISSING })
  }
  for (const [name, value] of entries) {
    const message = problemOf(name, value, unit ?? 'MM')
    if (message !== null) {
      context.addIssue({ code: 'custom', path: ['measurements', name], message })
    }
  }
}

/** Beyond this nobody looks which names were meant. */
const NAMES_MAX = 2 * MEASUREMENT_NAMES.length
const TOO_MANY = `There are ${MEASUREMENT_NAMES.length} measurements; these are more than twice as many.`
const UNIT_MISSING = 'Say in which unit the lengths are: MM, CM or INCH. Angles are degrees always.'

function problemOf(name: string, value: unknown, unit: LengthUnitName): string | null {
  if (!isMeasurementName(name)) {
    return `There is no such measurement. Did you mean ${nearestName(name.slice(0, 40), MEASUREMENT_NAMES)}?`
  }
  if (value === null) return null
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return `${name} is a number, or null where it is taken away.`
  }
  return boundsProblem(name, toStored(name, value, unit))
}

/** The stored values of measurements that were checked. */
export function storedChanges({ measurements, unit }: GivenMeasurements): MeasurementChanges {
  const changes: { [name in MeasurementName]?: number | null } = {}
  for (const [name, value] of Object.entries(measurements ?? {})) {
    if (!isMeasurementName(name)) continue
    changes[name] = typeof value === 'number' ? toStored(name, value, unit ?? 'MM') : null
  }
  return changes
}

/** The values with these changes, in the order of the names' bits. */
export function withChanges(present: Measurements, changes: MeasurementChanges): Measurements {
  const changed: { [name in MeasurementName]?: number } = {}
  for (const name of MEASUREMENT_NAMES) {
    const change = changes[name]
    const value = change === undefined ? present[name] : change
    if (value != null) changed[name] = value
  }
  return changed
}

/** The values of a set: its own, then those of its base sets, the nearest first. */
export function mergedMeasurements(chain: readonly Measurements[]): Measurements {
  return chain.reduceRight<Measurements>((merged, own) => withChanges(merged, own), {})
}
