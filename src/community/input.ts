import { z } from 'zod'
import { SIZES } from './sizes.ts'

export const nameSchema = z
  .string('A name is a text, and never removed.')
  .trim()
  .refine(
    (name) => name.length > 0 && Array.from(name).length <= SIZES.nameCharacters,
    `A name has 1 to ${SIZES.nameCharacters} characters.`,
  )

/** Markdown; a text without anything in it is none. */
export const notesSchema = z
  .string()
  .refine(
    (notes) => Buffer.byteLength(notes) <= SIZES.notesBytes,
    `Notes have at most ${SIZES.notesBytes} bytes.`,
  )

export const unitsSchema = z
  .string('Units are METRIC or IMPERIAL, and never removed.')
  .toLowerCase()
  .pipe(z.enum(['metric', 'imperial']))

/** The version of a row that the caller has read. */
export const versionSchema = z.int().min(1)
