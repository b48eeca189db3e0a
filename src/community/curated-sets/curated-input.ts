import { z } from 'zod'
import { LENGTH_MAX_MM } from '../../measurements/bounds.ts'
import { toMm } from '../../measurements/units.ts'
import { pictureSchema } from '../../picture-address.ts'
import { nameSchema, notesSchema } from '../input.ts'
import {
  checkMeasurements,
  type GivenMeasurements,
  measurementsSchema,
} from '../measurement-sets/measurements-input.ts'
import { textsSchema } from './texts.ts'

/** Most tags that a curated set has; the table holds it to that. */
export const MOST_TAGS = 20
export const TAG_CHARACTERS = 40

/** Each tag once. */
const tagsSchema = z
  .array(
    z
      .string()
      .max(TAG_CHARACTERS, `A tag has at most ${TAG_CHARACTERS} characters.`)
      .regex(
        /^[a-z0-9]+(-[a-z0-9]+)*$/,
        'A tag is a word of lower-case letters and digits, or several with hyphens between them: cis-female.',
      ),
  )
  .transform((tags) => [...new Set(tags)])
  .refine(({ length }) => length <= MOST_TAGS, `There are at most ${MOST_TAGS} tags.`)

/** The members of a curated set that a curator gives, when he makes one and when he changes one. */
export const CURATED_MEMBERS = {
  names: textsSchema(nameSchema),
  notes: textsSchema(notesSchema.nullish()).nullish(),
  height: z.number().nullish(),
  image: pictureSchema.nullish(),
  tags: tagsSchema.nullish(),
  unit: z.enum(['MM', 'CM', 'INCH']).nullish(),
  scale: z.enum(['PERSON', 'DOLL']).default('PERSON'),
  measurements: measurementsSchema.nullish(),
} as const

export interface GivenLengths extends GivenMeasurements {
  readonly height?: number | null | undefined
}

/** Adds to the problems of an input what is wrong with its height and its measurements. */
export function checkLengths(given: GivenLengths, context: z.RefinementCtx): void {
  const { height, unit, measurements } = given
  checkMeasurements(given, context)
  if (height == null) return
  if (unit == null && !Object.values(measurements ?? {}).some((value) => value !== null)) {
    context.addIssue({ code: 'custom', path: ['unit'], message: UNIT_MISSING })
  }
  const mm = toMm(height, unit ?? 'MM')
  if (mm > 0 && mm <= LENGTH_MAX_MM) return
  context.addIssue({ code: 'custom', path: ['height'], message: HEIGHT_OUT_OF_BOUNDS })
}

const UNIT_MISSING = 'Say in which unit the height is: MM, CM or INCH.'
const HEIGHT_OUT_OF_BOUNDS = `A height is more than 0 and at most ${LENGTH_MAX_MM} mm, which are 1000 cm or 393.7 in.`

/** The height in millimetres, to a millionth; null for one that is taken away, undefined where nothing is said of it. */
export function heightMmOf({ height, unit }: GivenLengths): number | null | undefined {
  return height == null ? height : toMm(height, unit ?? 'MM')
}
