import { readFileSync } from 'node:fs'

import { z } from 'zod'

import { MEASUREMENT_NAMES, type MeasurementName } from '../measurements/definitions.ts'

export interface Design {
  /** What patterns name it by. */
  readonly code: string
  readonly name: string
  /** The release of the design that its measurements are from. */
  readonly version: string
  readonly description: string | null
  /** What it can not be drafted without. */
  readonly measurements: readonly MeasurementName[]
  /** What it is drafted with where it is known. */
  readonly optionalMeasurements: readonly MeasurementName[]
}

const namesSchema = z.array(z.enum(MEASUREMENT_NAMES))
const designsSchema = z.array(
  z.strictObject({
    code: z.string(),
    name: z.string(),
    version: z.string(),
    description: z.string().nullable(),
    measurements: namesSchema,
    optionalMeasurements: namesSchema,
  }),
)

/** The sewing designs that this release knows, by code. */
export const DESIGNS: readonly Design[] = designsSchema.parse(
  JSON.parse(readFileSync(new URL('../../db/designs/designs.json', import.meta.url), 'utf8')),
)

/** One bit for each of these names, as the columns `required` and `optional` hold them. */
export function bitsOf(names: readonly MeasurementName[]): bigint {
  return names.reduce((bits, name) => bits | (1n << BigInt(MEASUREMENT_NAMES.indexOf(name))), 0n)
}
