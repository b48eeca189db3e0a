import type { Selectable } from 'kysely'
import type { CuratedSet } from '../../database/tables.generated.ts'
import { measuredBits, type Measurements } from '../../measurements/definitions.ts'
import type { Texts } from './texts.ts'

/** What a curated set tells everybody once it is published. */
export interface CuratedContent {
  /** English is always among them. */
  readonly names: Texts
  readonly notes: Texts
  /** null where it is not known. */
  readonly heightMm: number | null
  readonly image: string | null
  readonly tags: readonly string[]
  /** Millimetres, degrees for angles. */
  readonly measurements: Measurements
}

/** The columns that hold it, ready to be stored. */
export function curatedColumns(content: CuratedContent) {
  const { names, notes, heightMm, image, tags, measurements } = content
  return {
    names: JSON.stringify(names),
    notes: JSON.stringify(notes),
    height_mm: heightMm,
    image,
    tags: [...tags],
    measurements: JSON.stringify(measurements),
    measured: measuredBits(measurements).toString(),
  }
}

/** What the row of a curated set holds. */
export function curatedContent(row: Row): CuratedContent {
  const { height_mm: heightMm, image, tags } = row
  // The table holds names and notes to objects of texts, and its measurements are written by curators' acts alone.
  const { names, notes, measurements } = row as Pick<
    CuratedContent,
    'names' | 'notes' | 'measurements'
  >
  return { names, notes, heightMm, image, tags, measurements }
}

type Row = Pick<
  Selectable<CuratedSet>,
  'names' | 'notes' | 'height_mm' | 'image' | 'tags' | 'measurements'
>
