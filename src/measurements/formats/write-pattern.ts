import { printed, type TextFormat } from './printed.ts'

export interface WrittenPattern {
  readonly id: string
  readonly name: string
  readonly notes: string | null
  readonly image: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly design: string
  /** What it is drafted with, a copy of the measurements among it. */
  readonly settings: unknown
  readonly data: unknown
  /** The id of the set that it was made from. */
  readonly measurementSet: string | null
}

const ABOUT =
  'A sewing pattern: the design and the settings it is drafted with. The measurements among them are millimetres and degrees.'

/** A pattern as a file. */
export function writePattern(
  pattern: WrittenPattern,
  format: TextFormat,
  { author = null }: { readonly author?: string | null } = {},
): string {
  const { id, createdAt, image, name, notes, updatedAt, design, settings, data } = pattern
  return printed(
    {
      author,
      type: 'pattern',
      about: ABOUT,
      id,
      createdAt: createdAt.toISOString(),
      img: image,
      name,
      notes,
      updatedAt: updatedAt.toISOString(),
      design,
      settings,
      data,
      measurementSet: pattern.measurementSet,
    },
    format,
  )
}
