import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MEASUREMENT_NAMES } from '../../../src/measurements/definitions.ts'
import { readSets } from '../../../src/measurements/formats/read-sets.ts'
import { type WrittenSet, writeSet } from '../../../src/measurements/formats/write-set.ts'
import { isAngle } from '../../../src/measurements/units.ts'
import { isStorable } from '../../../src/storable-text.ts'
import { MODELS } from '../../../src/seed/models.ts'

const FORMATS = ['json', 'yaml', 'csv'] as const
const UNITS = ['MM', 'CM', 'INCH'] as const

const texts = fc.string({ unit: 'binary', maxLength: 200 }).filter(isStorable)
const date = fc.date({
  noInvalidDate: true,
  min: new Date('2000-01-01'),
  max: new Date('2100-01-01'),
})
/** Stored values: to a millionth, as they come out of every input. */
const measurements = fc
  .tuple(...MEASUREMENT_NAMES.map((name) => valueOf(name)))
  .map((values) => MEASUREMENT_NAMES.map((name, at) => [name, values[at]] as const))
  .map((entries) => Object.fromEntries(entries.filter(([, value]) => value !== undefined)))

const sets: fc.Arbitrary<WrittenSet> = fc.record({
  id: fc.constant('set_9fGkm'),
  name: texts.map((name) => name.trim()).filter((name) => name !== ''),
  units: fc.constantFrom('metric', 'imperial'),
  notes: fc.oneof(
    fc.constant(null),
    texts.filter((notes) => notes !== ''),
  ),
  image: fc.constantFrom(null, 'https://pictures.example/ada.png'),
  createdAt: date,
  updatedAt: date,
  measurements,
})

describe.each(['json', 'yaml'] as const)('a set that is written as %s', (format) => {
  test('is read as it was', () => {
    fc.assert(
      fc.property(sets, (set) => {
        const { name, units, notes, image } = set
        const same = { name, units, notes, image, public: false, measurements: set.measurements }
        expect(readSets(writeSet(set, format), format)).toEqual(readAs([same]))
      }),
      { numRuns: 500 },
    )
  })

  test.each(MODELS)('is read as it was: $name', ({ name, measurements: values }) => {
    const text = writeSet(setOf(name, values), format)
    expect(readSets(text, format)).toMatchObject({ sets: [{ name, measurements: values }] })
  })
})

describe.each(UNITS)('the table of a set in %s', (unit) => {
  test('is read as it was', () => {
    fc.assert(
      fc.property(sets, (set) => {
        fc.pre(Object.keys(set.measurements).length > 0)
        const read = readSets(writeSet(set, 'csv', { unit }), 'csv', { unit, name: 'Ada' })
        expect(setsIn(read)).toMatchObject([{ measurements: set.measurements }])
      }),
      { numRuns: 500 },
    )
  })

  test.each(MODELS)('is read as it was: $name', ({ name, measurements: values }) => {
    const text = writeSet(setOf(name, values), 'csv', { unit })
    const [read] = setsIn(readSets(text, 'csv', { unit, name }))
    expect(read?.measurements).toEqual(values)
  })
})

describe.each(FORMATS)('as %s', (format) => {
  test('whatever text is given, it is read or refused with a reason', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => new TextDecoder().decode(bytes)),
      fc.json({ maxDepth: 5 }),
      fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join('')),
      sets.chain((set) => changed(writeSet(set, format))),
    )
    fc.assert(
      fc.property(anything, (given) => {
        const read = readSets(given, format, { unit: 'MM', name: 'Ada' })
        const told = read.kind === 'read' ? read.sets : read.problems
        expect(told.length).toBeGreaterThan(0)
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
      { numRuns: 1500 },
    )
  })
})

/** What YAML, JSON and CSV are made of. */
const PIECES = [
  '{ } [ ] , : ? - & * ! | > \' " # % \\ ; ~ < @ `'.split(' '),
  [': ', '- ', '? ', '&a ', '*a', '!t ', ' #', '<<: ', '---\n', '...\n', '%YAML 1.2\n'],
  ['\n', '\n  ', '\r', '\t', ' ', '\0', '\uFEFF'],
  ['name: Ada', 'measurements', 'chest', '__proto__', 'constructor', 'null', '.nan', '1', '92,5'],
].flat()

function readAs(expected: readonly object[]) {
  return { kind: 'read', sets: expected, ignored: [], ignoredMore: 0 }
}

function setsIn(read: ReturnType<typeof readSets>) {
  return read.kind === 'read' ? read.sets : []
}

function setOf(name: string, values: WrittenSet['measurements']): WrittenSet {
  const at = new Date('2026-01-02T03:04:05.678Z')
  const rest = { id: 'set_9fGkm', units: 'metric', notes: null, image: null } as const
  return { ...rest, name, createdAt: at, updatedAt: at, measurements: values }
}

function valueOf(name: (typeof MEASUREMENT_NAMES)[number]) {
  const millionths = isAngle(name)
    ? fc.integer({ min: 0, max: 90_000_000 })
    : fc.integer({ min: 1000, max: 10_000_000_000 })
  return fc.option(
    millionths.map((count) => count / 1e6),
    { nil: undefined },
  )
}

/** The text with a piece of something else at one place. */
function changed(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length), fc.constantFrom(...PIECES), fc.nat(20))
    .map(([at, piece, dropped]) => text.slice(0, at) + piece + text.slice(at + dropped))
}
