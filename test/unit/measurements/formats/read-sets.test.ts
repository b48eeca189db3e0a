import { describe, expect, test } from 'vitest'
import { type ReadOptions, readSets } from '../../../../src/measurements/formats/read-sets.ts'

const EMPTY = { name: 'Ada', units: null, public: false, notes: null, image: null } as const

function readJson(value: unknown, options?: ReadOptions) {
  return readSets(JSON.stringify(value), 'json', options)
}

/** The only set of a file that is read. */
function setIn(read: ReturnType<typeof readSets>) {
  return read.kind === 'read' && read.sets.length === 1 ? read.sets[0] : read
}

/** Path and message of every problem. */
function problemsIn(read: ReturnType<typeof readSets>) {
  return read.kind === 'refused' ? read.problems.map(({ path, message }) => [path, message]) : read
}

describe('the shapes of the FreeSewing backend', () => {
  test('what it imports is read, its values millimetres even where it is imperial', () => {
    const sets = [
      { name: 'Ada', imperial: true, public: true, notes: 'Hi', measies: { chest: 914.4 } },
      { name: 'Bo', units: 'imperial', measurements: { shoulderSlope: 13, waist: 690 } },
    ]
    expect(readJson(sets)).toEqual({
      kind: 'read',
      sets: [
        { ...EMPTY, units: 'imperial', public: true, notes: 'Hi', measurements: { chest: 914.4 } },
        {
          ...EMPTY,
          name: 'Bo',
          units: 'imperial',
          measurements: { shoulderSlope: 13, waist: 690 },
        },
      ],
      ignored: [],
      ignoredMore: 0,
    })
  })

  test('what it exports is read, as JSON and as YAML', () => {
    const exported = {
      author: 'ada',
      type: 'measurementsSet',
      about: 'Contains measurements in mm.',
      id: 12,
      createdAt: '2023-01-02T03:04:05.678Z',
      img: 'https://pictures.example/ada.png',
      name: 'Ada',
      notes: '',
      updatedAt: '2023-01-02T03:04:05.678Z',
      measurements: { chest: 914.4 },
      units: 'metric',
    }
    const set = { ...EMPTY, units: 'metric', image: exported.img, measurements: { chest: 914.4 } }
    const read = { kind: 'read', sets: [set], ignored: [], ignoredMore: 0 }
    expect(readJson(exported)).toEqual(read)
    const yaml = `
author: ada
type: measurementsSet
createdAt: 2023-01-02T03:04:05.678Z
img: https://pictures.example/ada.png
name: Ada # of Turin
notes: null
measurements:
  chest: 914.4
units: metric
`
    expect(readSets(yaml, 'yaml')).toEqual(read)
  })

  test('a pattern is no set', () => {
    const pattern = { type: 'pattern', name: 'Ada', measurements: {} }
    expect(problemsIn(readJson(pattern))).toEqual([
      ['0.type', 'Only files of the type measurementsSet are read.'],
    ])
  })
})

describe('members', () => {
  test('that nobody reads are listed, as are pictures without an address', () => {
    const set = {
      name: 'Ada',
      measurements: {},
      img: 'default-avatar',
      userId: 3,
      ['__proto__x']: 1,
    }
    expect(readJson([set])).toMatchObject({
      kind: 'read',
      sets: [EMPTY],
      ignored: ['0.userId', '0.__proto__x', '0.img'],
    })
  })

  test('that nobody reads are listed a hundred at a time', () => {
    const others = Object.fromEntries(Array.from({ length: 130 }, (_, at) => [`other${at}`, at]))
    const read = readJson({ ...others, name: 'Ada', measurements: {} })
    expect(read).toMatchObject({ kind: 'read', ignoredMore: 30 })
    expect(read.kind === 'read' && read.ignored).toHaveLength(100)
  })

  test('that are null are absent', () => {
    const nothing = { units: null, imperial: null, public: null, notes: null, img: null }
    expect(setIn(readJson({ name: 'Ada', measurements: { chest: null }, ...nothing }))).toEqual({
      ...EMPTY,
      measurements: {},
    })
  })

  test('are all looked at before anything is refused', () => {
    const wrong = {
      name: ' ',
      units: 'mm',
      imperial: 'no',
      public: 1,
      notes: 'é'.repeat(8001),
      image: 'https://pictures.example/a.png',
      img: 'https://pictures.example/b.png',
      measurements: [],
    }
    expect(problemsIn(readJson([{ name: 'Ada', measurements: {} }, wrong, null, []]))).toEqual([
      [
        '1.name',
        'A set has a name, a text of 1 to 200 characters, all of them whole and none U+0000.',
      ],
      ['1.imperial', 'imperial is true or false.'],
      ['1.units', 'Units are metric or imperial.'],
      ['1.public', 'public is true or false.'],
      [
        '1.notes',
        'Notes are a text of at most 16000 bytes in UTF-8, its characters whole and none U+0000.',
      ],
      ['1.img', 'This is the same as image: give one.'],
      ['1.measurements', 'Measurements are an object of numbers by name.'],
      ['2', 'A set is an object with a name and measurements.'],
      ['3', 'A set is an object with a name and measurements.'],
    ])
  })

  test('may not contradict each other', () => {
    const set = { name: 'Ada', units: 'METRIC', imperial: true, measurements: {}, measies: {} }
    expect(problemsIn(readJson(set))).toEqual([
      ['0.imperial', 'This says something else than units: leave it out.'],
      ['0.measies', 'This is the same as measurements: give one.'],
    ])
    expect(setIn(readJson({ ...set, imperial: false, measies: null }))).toEqual({
      ...EMPTY,
      units: 'metric',
      measurements: {},
    })
  })

  test('of the longest name and notes are read, and a name without its surrounding space', () => {
    const set = { name: ` ${'🧵'.repeat(200)} `, notes: 'é'.repeat(8000), measurements: {} }
    expect(setIn(readJson(set))).toMatchObject({ name: set.name.trim(), notes: set.notes })
    expect(problemsIn(readJson({ ...set, name: '🧵'.repeat(201) }))).toHaveLength(1)
  })

  test('lack a name only where one is given for all', () => {
    const set = { measurements: { chest: 900 } }
    expect(problemsIn(readJson(set))).toEqual([
      [
        '0.name',
        'A set has a name, a text of 1 to 200 characters, all of them whole and none U+0000.',
      ],
    ])
    expect(setIn(readJson(set, { name: 'Ada' }))).toMatchObject({ name: 'Ada' })
    expect(setIn(readJson({ ...set, name: 'Bo' }, { name: 'Ada' }))).toMatchObject({ name: 'Bo' })
  })
})

describe('values', () => {
  test('may be texts of numbers, with a point or a comma', () => {
    const measurements = { chest: '914.4', waist: '69,5', hips: ' 940 ', shoulderSlope: '13,5' }
    expect(setIn(readJson({ name: 'Ada', measurements }))).toMatchObject({
      measurements: { chest: 914.4, waist: 69.5, hips: 940, shoulderSlope: 13.5 },
    })
  })

  test.each([true, [], {}, '', 'ninety', '9 0', '1e3', '0x10', '90cm', '1.2.3', '.5', '5,'])(
    'that are no number are refused: %j',
    (value) => {
      expect(problemsIn(readJson({ name: 'Ada', measurements: { chest: value } }))).toEqual([
        ['0.measurements.chest', 'chest is a number, such as 92.5 or "92,5".'],
      ])
    },
  )

  test('whose comma may part thousands are refused', () => {
    const measurements = { chest: '1,234', waist: '0,695', hips: '1,2345' }
    expect(problemsIn(readJson({ name: 'Ada', measurements }))).toEqual([
      [
        '0.measurements.chest',
        'chest is a number: write it without a comma, which may part thousands here.',
      ],
    ])
  })

  test('out of bounds and unknown names are refused, with what was found and what was meant', () => {
    const measies = { chset: 900, chest: 0, shoulderSlope: 91, waist: '20000', constructor: 1 }
    expect(readJson([{ name: 'Ada', measies }])).toMatchObject({
      kind: 'refused',
      problems: [
        {
          code: 'INPUT_INVALID',
          path: '0.measies.chset',
          found: 'chset',
          message: 'There is no such measurement. Did you mean chest?',
        },
        {
          code: 'INPUT_INVALID',
          path: '0.measies.chest',
          found: 0,
          message: 'chest is more than 0 and at most 10000 mm, which are 1000 cm or 393.7 in.',
        },
        {
          code: 'INPUT_INVALID',
          path: '0.measies.shoulderSlope',
          found: 91,
          message: 'shoulderSlope is from 0 to 90 degrees.',
        },
        {
          code: 'INPUT_INVALID',
          path: '0.measies.waist',
          found: '20000',
          message: 'waist is more than 0 and at most 10000 mm, which are 1000 cm or 393.7 in.',
        },
        expect.objectContaining({ path: '0.measies.constructor' }),
      ],
      problemsMore: 0,
    })
  })

  test('are in the unit that is given, angles in degrees', () => {
    const measurements = { chest: 36, shoulderSlope: 13 }
    expect(setIn(readJson({ name: 'Ada', measurements }, { unit: 'INCH' }))).toMatchObject({
      measurements: { chest: 914.4, shoulderSlope: 13 },
    })
  })

  test('that nobody can take for a member of every object do no harm', () => {
    const text = '{"name": "Ada", "__proto__": {"public": true}, "measurements": {"__proto__": 5}}'
    expect(readSets(text, 'json')).toMatchObject({
      kind: 'refused',
      problems: [{ path: '0.measurements.__proto__', found: '__proto__' }],
    })
    const yaml = 'name: Ada\n__proto__: {public: true, measurements: {chest: 1}}\nmeasurements: {}'
    const read = readSets(yaml, 'yaml')
    expect(setIn(read)).toEqual({ ...EMPTY, measurements: {} })
    expect(read).toMatchObject({ ignored: ['0.__proto__'] })
    expect(({} as { public?: boolean }).public).toBeUndefined()
  })
})

describe('a file', () => {
  test('has a hundred sets at most, and one at least', () => {
    const sets = Array.from({ length: 101 }, () => ({ name: 'Ada', measurements: {} }))
    expect(readJson(sets.slice(1))).toMatchObject({ kind: 'read', sets: sets.slice(1) })
    expect(readJson(sets)).toMatchObject({
      problems: [{ found: 101, message: 'A file has at most 100 sets.' }],
    })
    expect(readJson(sets.slice(0, 3), { limits: { sets: 2 } }).kind).toBe('refused')
    expect(problemsIn(readJson([]))).toEqual([[undefined, 'There is no set in it.']])
    const rows = `name,chest\n${'Ada,90\n'.repeat(101)}`
    expect(problemsIn(readSets(rows, 'csv', { unit: 'CM' }))).toEqual([
      [undefined, 'A file has at most 100 sets.'],
    ])
    expect(readSets(rows.slice(0, -7), 'csv', { unit: 'CM' })).toMatchObject({ kind: 'read' })
  })

  test.each(['json', 'yaml', 'csv'] as const)('of %s has a megabyte at most', (format) => {
    expect(problemsIn(readSets('é'.repeat(500_001), format, { unit: 'MM' }))).toEqual([
      [undefined, 'A file has at most 1000000 bytes.'],
    ])
  })

  test('tells a hundred problems, and how many more there are', () => {
    const sets = Array.from({ length: 90 }, () => ({ measurements: { chest: -1 } }))
    const read = readJson(sets)
    expect(read).toMatchObject({ kind: 'refused', problemsMore: 80 })
    expect(problemsIn(read)).toHaveLength(100)
  })

  test('quotes no more than a hundred characters of what is wrong', () => {
    const read = readJson({
      name: 'Ada',
      measurements: { ['x'.repeat(5000)]: 1, chest: 'y'.repeat(5000) },
    })
    const quoted =
      read.kind === 'refused' ? read.problems.flatMap(({ path, found }) => [path, found]) : []
    expect(quoted.map((text) => String(text).length)).toEqual([101, 101, 20, 101])
  })
})

test('sets with nothing wrong are told apart where others are wrong', () => {
  const good = { name: 'Ada', measurements: { chest: 900 } }
  expect(readJson([{}, good, { ...good, name: '' }, good])).toMatchObject({
    kind: 'refused',
    sound: [
      { position: 1, set: good },
      { position: 3, set: good },
    ],
  })
  expect(readSets('chest,chset\n1,2', 'csv', { unit: 'CM', name: 'Ada' })).toMatchObject({
    kind: 'refused',
    sound: [],
  })
})
