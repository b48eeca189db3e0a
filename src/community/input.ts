import { z } from 'zod'
import { isStorable } from '../storable-text.ts'
import { SIZES } from './sizes.ts'

const WHOLE = 'There is half a character in it, a surrogate without the other one.'

export const nameSchema = z
  .string('A name is a text, and never removed.')
  .trim()
  .refine(
    (name) => name.length > 0 && Array.from(name).length <= SIZES.nameCharacters,
    `A name has 1 to ${SIZES.nameCharacters} characters.`,
  )
  .refine(isStorable, WHOLE)

/** Markdown; a text without anything in it is none. */
export const notesSchema = z
  .string()
  .refine(
    (notes) => Buffer.byteLength(notes) <= SIZES.notesBytes,
    `Notes have at most ${SIZES.notesBytes} bytes.`,
  )
  .refine(isStorable, WHOLE)

export const unitsSchema = z
  .string('Units are METRIC or IMPERIAL, and never removed.')
  .toLowerCase()
  .pipe(z.enum(['metric', 'imperial']))

/** The version of a row that the caller has read. */
export const versionSchema = z.int().min(1)
