import type { Problem } from '../../errors.ts'
import type { LengthUnitName } from '../units.ts'
import { createFindings, type Findings } from './findings.ts'
import { parseCsv } from './parse-csv.ts'
import { parseJson } from './parse-json.ts'
import { parseYaml } from './parse-yaml.ts'
import { type ImportedSet, readSet } from './read-set.ts'

export type ImportFormat = 'json' | 'yaml' | 'csv'

export interface ReadOptions {
  /** The unit of lengths, whatever the file says of how to show them. CSV needs it; else millimetres. */
  readonly unit?: LengthUnitName | null
  /** What a set is called that has no name, as in a table of values alone. */
  readonly name?: string | null
  readonly limits?: Partial<ReadLimits>
}

export interface ReadLimits {
  readonly sets: number
  readonly textBytes: number
  readonly nameCharacters: number
  readonly notesBytes: number
}

export const READ_LIMITS: ReadLimits = {
  sets: 100,
  textBytes: 1_000_000,
  nameCharacters: 200,
  notesBytes: 16_000,
}

export type ReadSets =
  | {
      readonly kind: 'read'
      readonly sets: readonly ImportedSet[]
      /** Paths of members that nothing is known of or that can not be taken over; the first 100. */
      readonly ignored: readonly string[]
      readonly ignoredMore: number
    }
  | {
      readonly kind: 'refused'
      /** The first 100: paths begin with the position of the set, from 0. */
      readonly problems: readonly Problem[]
      readonly problemsMore: number
      /** Sets with nothing wrong, and their positions; none where the file itself is wrong. */
      readonly sound: readonly PlacedSet[]
      readonly ignored: readonly string[]
      readonly ignoredMore: number
    }

export interface PlacedSet {
  /** Which set of the file, from 0. */
  readonly position: number
  readonly set: ImportedSet
}

/**
 * The sets of a file, and where something is wrong those with nothing wrong apart: one object or a list of them as the FreeSewing backend takes and exports them, or a table
 * with a row of names. A member with the value null is absent. Never throws, whatever the text.
 */
export function readSets(text: string, format: ImportFormat, options: ReadOptions = {}): ReadSets {
  const limits = { ...READ_LIMITS, ...options.limits }
  const findings = createFindings()
  const given = listIn(text, { format, options, limits, findings })
  const reader = { findings, unit: options.unit ?? 'MM', name: options.name ?? null, limits }
  const { problems } = findings
  const isWrong = problems.first.length > 0
  const sound = given.flatMap((one, position): PlacedSet[] => {
    const known = problems.count
    const set = readSet(one, String(position), reader)
    return set === null || isWrong || problems.count > known ? [] : [{ position, set }]
  })
  const ignored = { ignored: findings.ignored.first, ignoredMore: findings.ignored.more }
  return problems.count > 0
    ? { kind: 'refused', problems: problems.first, problemsMore: problems.more, sound, ...ignored }
    : { kind: 'read', sets: sound.map(({ set }) => set), ...ignored }
}

interface Reading {
  readonly format: ImportFormat
  readonly options: ReadOptions
  readonly limits: ReadLimits
  readonly findings: Findings
}

/** What stands in the text for sets; none where there is too much of it, or where it is of another format. */
function listIn(text: string, { format, options, limits, findings }: Reading): readonly unknown[] {
  const { refuse } = findings
  if (format === 'csv' && options.unit == null)
    refuse('unit', options.unit, () => 'Say the unit of lengths: MM, CM or INCH.')
  if (Buffer.byteLength(text) > limits.textBytes) {
    refuse(null, undefined, () => `A file has at most ${limits.textBytes} bytes.`)
    return []
  }
  const value = PARSERS[format](text, findings, limits.sets)
  if (value === undefined) return []
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0) refuse(null, undefined, () => 'There is no set in it.')
  if (list.length <= limits.sets) return list
  // Rows behind the last that may be are not counted.
  const found = format === 'csv' ? undefined : list.length
  refuse(null, found, () => `A file has at most ${limits.sets} sets.`)
  return []
}

const PARSERS = { json: parseJson, yaml: parseYaml, csv: parseCsv } as const
