import { z } from 'zod'
import { idSchema } from '../../auth/id-schema.ts'
import { pictureSchema } from '../../picture-address.ts'
import { measurementsSchema } from './measurements-input.ts'
import { nameSchema, notesSchema, unitsSchema } from '../input.ts'

/** The members of a set that a client gives, when it makes one and when it changes one. */
export const SET_MEMBERS = {
  name: nameSchema,
  notes: notesSchema.nullish(),
  image: pictureSchema.nullish(),
  units: unitsSchema.optional(),
  baseSet: idSchema.optional(),
  unit: z.enum(['MM', 'CM', 'INCH']).nullish(),
  scale: z.enum(['PERSON', 'DOLL']).default('PERSON'),
  measurements: measurementsSchema.nullish(),
} as const
