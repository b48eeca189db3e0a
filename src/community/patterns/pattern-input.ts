import { z } from 'zod'
import { pictureSchema } from '../../picture-address.ts'
import { nameSchema, notesSchema } from '../input.ts'
import { jsonObjectSchema } from '../json-object.ts'
import { settingsSchema } from './settings.ts'

/** The code of a design, whether this release knows that one or not. */
export const designSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,63}$/,
    'The code of a design has up to 64 of the signs a to z, 0 to 9 and -, a letter first.',
  )

/** The members of a pattern that a client gives, when it makes one and when it changes one. */
export const PATTERN_MEMBERS = {
  name: nameSchema,
  notes: notesSchema.nullish(),
  image: pictureSchema.nullish(),
  settings: settingsSchema.nullish(),
  data: jsonObjectSchema.nullish(),
} as const
