import type { z } from 'zod'
import { boundsProblem } from '../../measurements/bounds.ts'
import {
  isMeasurementName,
  MEASUREMENT_NAMES,
  type MeasurementName,
  type Measurements,
} from '../../measurements/definitions.ts'
import { isObject, type JsonObject, jsonObjectSchema } from '../json-object.ts'

/**
 * What a pattern is drafted from. Its measurements are numbers, in millimetres and degrees; designs may have names of their own
 * beside those that are known here.
 */
export const settingsSchema = jsonObjectSchema.superRefine(checkMeasurements)

function checkMeasurements({ measurements }: JsonObject, context: z.RefinementCtx): void {
  if (measurements === undefined) return
  if (!isObject(measurements)) {
    context.addIssue({ code: 'custom', path: ['measurements'], message: NO_OBJECT })
    return
  }
  for (const [name, value] of Object.entries(measurements)) {
    const message = problemOf(name, value)
    if (message === null) continue
    context.addIssue({ code: 'custom', path: ['measurements', name], message })
  }
}

const NO_OBJECT = 'The measurements of a pattern are an object: names, and a number for each.'

function problemOf(name: string, value: unknown): string | null {
  if (typeof value !== 'number') return 'A measurement is a number, in millimetres or degrees.'
  return isMeasurementName(name) ? boundsProblem(name, value) : null
}

/** The settings, with these measurements in place of their own. */
export function withMeasurements(
  settings: JsonObject | null,
  measurements: Measurements,
): JsonObject {
  return { ...settings, measurements }
}

/** Which of the known measurements the settings hold. */
export function measurementsIn(settings: JsonObject | null): readonly MeasurementName[] {
  const measurements = settings?.['measurements']
  if (!isObject(measurements)) return []
  return MEASUREMENT_NAMES.filter((name) => Object.hasOwn(measurements, name))
}
