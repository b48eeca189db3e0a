import type { Measurements } from '../../measurements/definitions.ts'
import { writePattern } from '../../measurements/formats/write-pattern.ts'
import { writeSet } from '../../measurements/formats/write-set.ts'
import type { LengthUnitName } from '../../measurements/units.ts'

export type FileFormat = 'json' | 'yaml' | 'csv'

export const MEDIA_TYPES = {
  json: 'application/json; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
} as const satisfies Record<FileFormat, string>

/** One kind of thing that can be had as a file, at `/<its name>/<id>.<format>`. */
export interface FileKind {
  readonly formats: readonly FileFormat[]
  /** The operation that reads it, and that it is priced as: it takes `id`, and answers under `file`. */
  readonly document: string
  /** When what is in the file last changed. */
  readonly modifiedAt: (answered: Answered) => Date
  /** The text of the file, from what the operation has answered. */
  readonly write: (answered: Answered, options: WriteOptions) => string
}

export interface WriteOptions {
  readonly format: FileFormat
  /** Of lengths in CSV. */
  readonly unit: LengthUnitName
}

/** Fields of the operation's answer, as its document asks for them. */
type Answered = Readonly<Record<string, unknown>>

/** Path -> what is there. */
export const FILE_KINDS: Readonly<Record<string, FileKind>> = {
  'measurement-sets': {
    formats: ['json', 'yaml', 'csv'],
    document: `query MeasurementSetFile($id: ID!) { file: measurementSet(id: $id) {
      id name notes image units createdAt updatedAt modifiedAt measurements owner { username } } }`,
    modifiedAt: ({ modifiedAt }) => new Date(String(modifiedAt)),
    write(answered, { format, unit }) {
      const set = answered as unknown as SetAnswer // what the document asks for
      const written = {
        ...datedOf(set),
        units: set.units.toLowerCase() as Lowercase<typeof set.units>,
      }
      return writeSet(written, format, { author: set.owner.username, unit })
    },
  },
  'curated-sets': {
    formats: ['json', 'yaml', 'csv'],
    document: `query CuratedSetFile($id: ID!) { file: curatedSet(id: $id) {
      id name notes image createdAt updatedAt measurements } }`,
    modifiedAt: ({ updatedAt }) => new Date(String(updatedAt)),
    write(answered, { format, unit }) {
      const set = answered as unknown as CuratedAnswer // what the document asks for
      return writeSet({ ...datedOf(set), units: 'metric' }, format, { unit })
    },
  },
  patterns: {
    formats: ['json', 'yaml'],
    document: `query PatternFile($id: ID!) { file: pattern(id: $id) {
      id design name notes image settings data createdAt updatedAt owner { username } measurementSet { id } } }`,
    modifiedAt: ({ updatedAt }) => new Date(String(updatedAt)),
    write(answered, { format }) {
      const pattern = answered as unknown as PatternAnswer // what the document asks for
      const measurementSet = pattern.measurementSet?.id ?? null
      const written = { ...datedOf(pattern), measurementSet }
      const author = pattern.owner.username
      return writePattern(written, format === 'yaml' ? 'yaml' : 'json', { author })
    },
  },
}

interface CuratedAnswer {
  readonly id: string
  readonly name: string
  readonly notes: string | null
  readonly image: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly measurements: Measurements
}

interface SetAnswer extends CuratedAnswer {
  readonly units: 'METRIC' | 'IMPERIAL'
  readonly owner: { readonly username: string }
}

interface PatternAnswer extends Omit<CuratedAnswer, 'measurements'> {
  readonly design: string
  readonly settings: unknown
  readonly data: unknown
  readonly owner: { readonly username: string }
  readonly measurementSet: { readonly id: string } | null
}

function datedOf<Type extends { readonly createdAt: string; readonly updatedAt: string }>(
  answered: Type,
) {
  const { createdAt, updatedAt } = answered
  return { ...answered, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) }
}
