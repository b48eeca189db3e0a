import { describe, expect, test } from 'vitest'
import { readSets } from '../../../../src/measurements/formats/read-sets.ts'

function messagesFor(...asked: Parameters<typeof readSets>): readonly string[] {
  const read = readSets(...asked)
  return read.kind === 'refused' ? read.problems.map(({ message }) => message) : []
}

function setsIn(...asked: Parameters<typeof readSets>) {
  const read = readSets(...asked)
  return read.kind === 'read' ? read.sets : read
}

const CM = { unit: 'CM' } as const

describe('JSON', () => {
  test('may begin with a byte order mark', () => {
    expect(setsIn('\uFEFF{"name": "Ada", "measurements": {}}', 'json')).toHaveLength(1)
  })

  test('that breaks off is refused with the place, and without a word of it', () => {
    expect(
      messagesFor('{"name": "Ada",\n "measurements": {"chest": 914.4 "waist": 1}}', 'json'),
    ).toEqual(['The text is not JSON: it breaks off at line 2, column 34.'])
    expect(messagesFor('{"name": Ada, "measurements": {"chest": 914.4}}', 'json')).toEqual([
      'The text is not JSON.',
    ])
    expect(messagesFor('', 'json')).toEqual(['The text is not JSON.'])
  })
})

describe('YAML', () => {
  test('may name an anchor', () => {
    const text = `
- name: Ada
  measurements: &same {chest: "92,5"}
- {name: Bo, measurements: *same}
`
    expect(setsIn(text, 'yaml', CM)).toMatchObject([
      { name: 'Ada', measurements: { chest: 925 } },
      { name: 'Bo', measurements: { chest: 925 } },
    ])
  })

  test.each([
    ['name: Ada\nname: Bo\nmeasurements: {}', 'Line 2, column 1: This key is here twice.'],
    ['name: Ada\nmeasurements: {chest: 1, chest: 2}', 'Line 2, column 26: This key is here twice.'],
    ['name: Ada\nmeasurements: {[chest]: 1}', 'Line 2, column 16: A key is a plain word.'],
    ['? name\n: Ada\n', 'Keys are plain words: a question mark is none.'],
    ['name: !secret Ada\nmeasurements: {}', 'Line 1, column 7: Unresolved tag: !secret'],
    ['name: Ada\nmeasurements: *none', 'Aliases name an anchor before them, 100 times at most.'],
    [
      `a: &a [${'x, '.repeat(9)}]\nb: &b [${'*a, '.repeat(9)}]\nc: &c [${'*b, '.repeat(9)}]\nd: [*c, *c]`,
      'Aliases name an anchor before them, 100 times at most.',
    ],
    ['[[[[[[[[[1]]]]]]]]]', 'The text is nested more than 8 levels deep.'],
    [']]]]]]]]\n[[[[[[[[[1]]]]]]]]]', 'The text is nested more than 8 levels deep.'],
    ['- - - - - - - - - 1', 'The text is nested more than 8 levels deep.'],
  ])('is refused: %j', (text, message) => {
    expect(messagesFor(text, 'yaml')).toEqual([message])
  })

  test('is refused where it has more parts than a hundred sets', () => {
    expect(messagesFor('a: 1\n'.repeat(10_000), 'yaml')).toEqual([
      'The text has too many parts: send fewer sets at once.',
    ])
  })

  test('is refused where it is nested too deeply line by line', () => {
    const text = Array.from({ length: 1400 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')
    expect(messagesFor(text, 'yaml').join()).toMatch(
      /^Line \d+, column \d+: This is nested too deeply.$/,
    )
  })

  test('is one document', () => {
    expect(messagesFor('name: Ada\n---\nname: Bo\n', 'yaml').join()).toMatch(/multiple documents/)
  })

  test('takes a hundred sets of every measurement', () => {
    const lines = Array.from({ length: 38 }, (_, at) => `    unknown${at}: 100.5 # as measured\n`)
    const set = `- name: Ada\n  notes: |\n    One\n    two\n  measurements:\n${lines.join('')}`
    expect(messagesFor(set.repeat(100), 'yaml')).toHaveLength(100)
    expect(messagesFor(set.repeat(100), 'yaml')[0]).toMatch(/^There is no such measurement/)
  })
})

describe('CSV', () => {
  test('has a row of names, and a set in each row', () => {
    const text =
      'name,notes,public,units,chest,shoulderSlope\r\n"Ada, ""A""","two\nlines",TRUE,Imperial,"92,5",13\r\nBo,,,,90,\r\n'
    expect(readSets(text, 'csv', CM)).toEqual({
      kind: 'read',
      sets: [
        {
          name: 'Ada, "A"',
          notes: 'two\nlines',
          public: true,
          units: 'imperial',
          image: null,
          measurements: { chest: 925, shoulderSlope: 13 },
        },
        {
          name: 'Bo',
          notes: null,
          public: false,
          units: null,
          image: null,
          measurements: { chest: 900 },
        },
      ],
      ignored: [],
      ignoredMore: 0,
    })
  })

  test.each([
    ['semicolons', '\uFEFFname;chest\nAda;92,5\n;\n'],
    ['tabs', 'name\tchest\rAda\t92,5'],
    ['commas', 'name , chest\n\n Ada , "92,5"\n'.replaceAll(' "', '"')],
  ])('may be parted by %s, and may leave rows empty', (_, text) => {
    expect(setsIn(text, 'csv', CM)).toMatchObject([{ name: 'Ada', measurements: { chest: 925 } }])
  })

  test('needs a unit, and says so beside all else that is wrong', () => {
    expect(readSets('name,chset,chest,chest,note\nAda,x,0,1,\nBo,1', 'csv')).toMatchObject({
      kind: 'refused',
      problems: [
        { path: 'unit', message: 'Say the unit of lengths: MM, CM or INCH.' },
        { path: 'chset', message: 'There is no such column. Did you mean chest?' },
        { path: 'chest', message: 'There is more than one column of this name.' },
        { path: 'note', message: 'There is no such column. Did you mean notes?' },
        { path: '1', found: 2, message: 'Every row has as many cells as the first has names: 5.' },
      ],
    })
    expect(messagesFor('name,chest,knee\nAda,x,0', 'csv', CM)).toEqual([
      'chest is a number, such as 92.5 or "92,5".',
      'knee is more than 0 and at most 10000 mm, which are 1000 cm or 393.7 in.',
    ])
  })

  test.each([
    ['', 'The text is empty: begin with names.'],
    ['\n\n', 'The text is empty: begin with names.'],
    ['name,chest\n', 'There is no set in it.'],
    [
      'name,chest\n"Ada,1',
      'Line 2: quotation marks stand around a whole cell, and doubled within it.',
    ],
    [
      'name,chest\nA"da,1',
      'Line 2: quotation marks stand around a whole cell, and doubled within it.',
    ],
    [`${'chest,'.repeat(42)}chest`, 'There are at most 42 columns.'],
    [`name,chest${'\n,'.repeat(5_001)}`, 'There are 5001 lines; accepted are at most 5000.'],
  ])('is refused: %j', (text, message) => {
    expect(messagesFor(text, 'csv', CM)).toEqual([message])
  })
})
