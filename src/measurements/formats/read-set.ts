import { pictureSchema } from '../../picture-address.ts'
import { isStorable } from '../../storable-text.ts'
import type { Measurements } from '../definitions.ts'
import type { LengthUnitName } from '../units.ts'
import type { Findings } from './findings.ts'
import { isRecord } from './is-record.ts'
import { readMeasurements } from './read-measurements.ts'

/** A set as a file has it, ready to be stored. */
export interface ImportedSet {
  readonly name: string
  /** How lengths are shown, null where nothing is said of it; says nothing of the values. */
  readonly units: DisplayUnits | null
  readonly public: boolean
  /** null: none. */
  readonly notes: string | null
  /** An https:// address. */
  readonly image: string | null
  /** Millimetres, degrees for shoulderSlope; to a millionth. */
  readonly measurements: Measurements
}

export type DisplayUnits = 'metric' | 'imperial'

export interface SetReader {
  readonly findings: Findings
  /** The unit of lengths. */
  readonly unit: LengthUnitName
  /** What a set is called that has no name. */
  readonly name: string | null
  readonly limits: { readonly nameCharacters: number; readonly notesBytes: number }
}

/** What is read of a set; everything else in it is ignored. */
const READ = [
  'name',
  'units',
  'imperial',
  'public',
  'notes',
  'image',
  'img',
  'measurements',
  'measies',
]
/** What an export says besides: the import makes a set of its own, with its own id and times. */
const EXPORT_ONLY = ['author', 'type', 'about', 'id', 'createdAt', 'updatedAt']
const KNOWN = new Set([...READ, ...EXPORT_ONLY])

/** The set that stands at this path. It is only worth something where the findings hold no problem. */
export function readSet(given: unknown, path: string, reader: SetReader): ImportedSet | null {
  const { refuse, ignore } = reader.findings
  if (!isRecord(given)) {
    refuse(path, given, () => 'A set is an object with a name and measurements.')
    return null
  }
  const at: MembersAt = { given, path, reader }
  const type = given['type']
  if (type !== undefined && type !== 'measurementsSet')
    refuse(`${path}.type`, type, () => 'Only files of the type measurementsSet are read.')
  for (const name of Object.keys(given)) if (!KNOWN.has(name)) ignore(`${path}.${name}`)
  return {
    name: nameOf(at),
    units: unitsOf(at),
    public: flagOf(at, 'public') ?? false,
    notes: notesOf(at),
    image: imageOf(at),
    measurements: measurementsOf(at),
  }
}

interface MembersAt {
  readonly given: Readonly<Record<string, unknown>>
  readonly path: string
  readonly reader: SetReader
}

function nameOf({ given, path, reader }: MembersAt): string {
  const { nameCharacters } = reader.limits
  const name = given['name'] ?? reader.name
  const trimmed = typeof name === 'string' ? name.trim() : ''
  const isName = trimmed !== '' && Array.from(trimmed).length <= nameCharacters
  if (isName && isStorable(trimmed)) return trimmed
  reader.findings.refuse(
    `${path}.name`,
    name,
    () =>
      `A set has a name, a text of 1 to ${nameCharacters} characters, all of them whole and none U+0000.`,
  )
  return ''
}

function unitsOf(at: MembersAt): DisplayUnits | null {
  const { given, path, reader } = at
  const { refuse } = reader.findings
  const imperial = flagOf(at, 'imperial')
  const units = given['units'] ?? null
  if (units === null) {
    if (imperial === null) return null
    return imperial ? 'imperial' : 'metric'
  }
  const word = typeof units === 'string' ? units.toLowerCase() : ''
  if (word !== 'metric' && word !== 'imperial') {
    refuse(`${path}.units`, units, () => 'Units are metric or imperial.')
    return 'metric'
  }
  if (imperial !== null && imperial !== (word === 'imperial'))
    refuse(`${path}.imperial`, imperial, () => 'This says something else than units: leave it out.')
  return word
}

/** null: absent. A text of true or false is a flag too, as cells of a table are texts. */
function flagOf({ given, path, reader }: MembersAt, name: 'public' | 'imperial'): boolean | null {
  const flag = given[name] ?? null
  if (flag === null || typeof flag === 'boolean') return flag
  const word = typeof flag === 'string' ? flag.toLowerCase() : ''
  if (word !== 'true' && word !== 'false')
    reader.findings.refuse(`${path}.${name}`, flag, () => `${name} is true or false.`)
  return word === 'true'
}

function notesOf({ given, path, reader }: MembersAt): string | null {
  const { notesBytes } = reader.limits
  const notes = given['notes'] ?? null
  if (notes === null || notes === '') return null
  const isText = typeof notes === 'string' && isStorable(notes)
  if (isText && Buffer.byteLength(notes) <= notesBytes) return notes
  reader.findings.refuse(
    `${path}.notes`,
    notes,
    () =>
      `Notes are a text of at most ${notesBytes} bytes in UTF-8, its characters whole and none U+0000.`,
  )
  return null
}

/** Other services name pictures that only they have: such a name is ignored, as nobody could see them. */
function imageOf(at: MembersAt): string | null {
  const [member, image] = oneOf(at, 'image', 'img')
  if (image === null) return null
  const read = pictureSchema.safeParse(image)
  if (read.success) return read.data
  at.reader.findings.ignore(`${at.path}.${member}`)
  return null
}

function measurementsOf(at: MembersAt): Measurements {
  const { path, reader } = at
  const [member, measurements] = oneOf(at, 'measurements', 'measies')
  return readMeasurements(measurements, {
    path: `${path}.${member}`,
    unit: reader.unit,
    findings: reader.findings,
  })
}

/** The member that is there under one of two names, and its value; null where neither is. */
function oneOf(
  { given, path, reader }: MembersAt,
  name: string,
  other: string,
): readonly [string, unknown] {
  const [value, otherValue] = [given[name] ?? null, given[other] ?? null]
  if (value !== null && otherValue !== null)
    reader.findings.refuse(
      `${path}.${other}`,
      undefined,
      () => `This is the same as ${name}: give one.`,
    )
  return value === null && otherValue !== null ? [other, otherValue] : [name, value]
}
