import { z } from 'zod'
import { SIZES } from './sizes.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** An object of JSON with any members, which stays as it is. How deep it may be is said by the type JSON. */
export const jsonObjectSchema = z
  .custom<JsonObject>(isObject, 'This is a JSON object.')
  .refine(
    (object) => Buffer.byteLength(JSON.stringify(object)) <= SIZES.jsonBytes,
    `As JSON it has at most ${SIZES.jsonBytes} bytes.`,
  )

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
