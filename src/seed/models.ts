import { readFileSync } from 'node:fs'

import { z } from 'zod'

import { MEASUREMENT_NAMES, type Measurements } from '../measurements/definitions.ts'

export interface Model {
  readonly name: string
  readonly tags: readonly string[]
  /** null: not known. */
  readonly heightMm: number | null
  /** All 38, in millimetres; shoulderSlope in degrees. */
  readonly measurements: Required<Measurements>
}

const modelsSchema = z.array(
  z.strictObject({
    name: z.string(),
    tags: z.array(z.string()),
    heightMm: z.number().positive().nullable(),
    measurements: z.record(z.enum(MEASUREMENT_NAMES), z.number().positive()),
  }),
)

/** The 40 synthetic models: adults, dolls and giants. They describe no real people. */
export const MODELS: readonly Model[] = modelsSchema.parse(
  JSON.parse(readFileSync(new URL('../../db/seed/models.json', import.meta.url), 'utf8')),
)

/** The model of this name. */
export function modelOf(name: string): Model {
  const model = MODELS.find((candidate) => candidate.name === name)
  if (model === undefined) throw new Error(`There is no model named ${name}.`)
  return model
}
