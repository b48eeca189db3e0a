import fc from 'fast-check'
import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { ApiError } from '../../src/errors.ts'
import { formatId } from '../../src/ids.ts'
import { schema } from '../../src/schema/schema.ts'
import { checkAnswer } from '../support/check-answer.ts'
import { BOOKMARK, CURATED, KEY, PATTERNS, PEOPLE, SETS } from '../support/planned-data.ts'
import { plannedCommunity } from '../support/planned-community.ts'
import { keyOf } from '../support/planned-request.ts'
import { OWN_NAMES, randomOperation } from '../support/random-operation.ts'
import { readCursors } from '../support/read-cursors.ts'

const community = await plannedCommunity()
const key = keyOf('ada', { level: 8, role: 'admin' })
// A key sees no sessions, and nobody but an administrator the sets of all.
const ada = { ...key, standing: { ...key.standing, kind: 'session' } as typeof key.standing }
const CURSORS = await readCursors(async (text) => (await community.ask(ada, text)).data)

const IDS = [
  ...Object.values(SETS).map((id) => formatId('set', id)),
  ...Object.values(PATTERNS).map((id) => formatId('pat', id)),
  ...Object.values(CURATED).map((id) => formatId('cur', id)),
  ...Object.values(PEOPLE).map((id) => formatId('acc', id)),
  formatId('key', KEY),
  formatId('bkm', BOOKMARK),
  formatId('set', BOOKMARK),
  `${OWN_NAMES}_id`,
]

const OPERATIONS = randomOperation(schema, {
  depth: 5,
  fields: 40,
  values: {
    id: IDS,
    ids: [[], IDS.slice(0, 3), IDS.slice(3), [...IDS.slice(0, 2), ...IDS.slice(0, 2)]],
    username: ['ada', 'BEN', 'cleo', OWN_NAMES],
    usernameStartsWith: ['', 'a', OWN_NAMES],
    nameEquals: ['ada', 'Doll', OWN_NAMES],
    design: ['aaron', OWN_NAMES],
    code: ['aaron', OWN_NAMES],
    fitting: IDS,
    tags: [[], ['adults'], ['adults', 'eu'], [OWN_NAMES]],
    'Query.interventions(account:)': [IDS[0] ?? ''],
    from: ['2026-01-01T00:00:00Z'],
    to: ['2036-01-01T00:00:00Z'],
    'Query.ledger(to:)': ['2026-02-01T00:00:00Z'],
    updatedSince: ['2026-01-01T12:30:00Z', '2036-01-01T00:00:00+01:00'],
  },
  cursors: (connection, order) => CURSORS[`${connection} ${order}`] ?? [],
})

test('every operation is answered with what it selects, in its order and types, and counted', async () => {
  let answered = 0
  await fc.assert(
    fc.asyncProperty(OPERATIONS, async ({ text, variables: given }) => {
      const asked = await community.ask(ada, text, given).catch(tooLarge)
      if (asked === null) return
      const { data, plan, counted } = asked
      const checked = checkAnswer(schema, { document: parse(text), variables: given }, data)
      expect(JSON.stringify(JSON.parse(data))).toBe(checked.data)
      expect(withoutZeros(counted)).toEqual(withoutZeros(checked.counted))
      expect(new Set(plan.counted).size).toBe(plan.counted.length)
      expect(plan.statement ?? '').not.toMatch(FOREIGN)
      answered += 1
    }),
    { numRuns: 300, seed: 20_260_131 },
  )
  expect(answered).toBeGreaterThan(280)
})

/** What only the text of an operation or its variables can bring into a statement. */
const FOREIGN = new RegExp([OWN_NAMES, ...IDS, ...Object.values(CURSORS).flat()].join('|'), 'i')

function tooLarge(error: unknown): null {
  if (error instanceof ApiError && error.code === 'DOCUMENT_TOO_LARGE') return null
  throw error
}

function withoutZeros(counted: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(counted).filter(([, count]) => count !== 0))
}

describe('the check itself finds', () => {
  const text = '{ curatedSets(first: 1) { totalCount nodes { id height tags } } version }'
  const node = '{"id":"cur_x","height":null,"tags":["a"]}'

  function checked(data: string): string {
    return checkAnswer(schema, { document: parse(text), variables: {} }, data).data
  }

  const SOUND = `{"curatedSets":{"totalCount":1,"nodes":[${node}]},"version":"1"}`

  test('nothing in a sound answer', () => {
    expect(checked(SOUND)).toBe(SOUND)
  })

  test.each([
    ['another order', `{"version":"1","curatedSets":{"totalCount":1,"nodes":[${node}]}}`],
    ['a name too many', SOUND.replace('"tags"', '"more":1,"tags"')],
    ['a number for a text', SOUND.replace('"1"', '1')],
    ['a text for a number', SOUND.replace(':1,', ':"1",')],
  ])('%s', (_what, data) => {
    expect(checked(data)).not.toBe(data)
  })

  test.each([
    ['a missing name', SOUND.replace('"totalCount":1,', '')],
    ['a null that may not be', SOUND.replace('"cur_x"', 'null')],
    ['a null in a list', SOUND.replace('["a"]', '[null]')],
    ['an item too many on a page', SOUND.replace(node, `${node},${node}`)],
  ])('%s', (_what, data) => {
    expect(() => checked(data)).toThrow(/null|A page of 1 holds/)
  })
})
