import { describe, expect, test } from 'vitest'

import { policiesWith } from '../../support/policies.ts'
import { stoppedCommunity } from '../../support/stopped-community.ts'

const BUCKET = { capacity: 1_000_000, restorePerSecond: 1 }

/** Nobody runs out of anything, and one operation of an anonymous client may cost 100 points. */
const gateway = await stoppedCommunity({
  policies: policiesWith({
    burst: BUCKET,
    day: BUCKET,
    'anonymous-burst': BUCKET,
    'anonymous-day': BUCKET,
    'anonymous-ceiling': 100,
    'service-burst': BUCKET,
  }),
})

type Written = (size: number) => readonly [document: string, variables: object, argument: string]

/** Where the size of a page is said: the document for a size, its variables, and the argument. */
const PLACES: Readonly<Record<string, Written>> = {
  'a literal first': (size: number) => [curated(`first: ${size}`), {}, 'first'],
  'a literal last': (size: number) => [curated(`last: ${size}`), {}, 'last'],
  'a variable': (size: number) => [`query($n: Int) ${curated('first: $n')}`, { n: size }, 'first'],
  'a default': (size: number) => [`query($n: Int = ${size}) ${curated('last: $n')}`, {}, 'last'],
}

function curated(page: string): string {
  return `{ curatedSets(${page}) { nodes { tags } } }`
}

describe.each(Object.entries(PLACES))('where %s says how large a page is', (_place, written) => {
  test('an operation above the ceiling is refused with what it costs and what makes it cheaper', async () => {
    const [document, variables, argument] = written(60)
    const { status, body, headers } = await gateway.post(document, undefined, variables)
    expect(status).toBe(422)
    const { errors, extensions } = JSON.parse(body)
    // The query 1, the list 5, for each set 1, and 1 for its tags.
    const estimated = 1 + 5 + 60 * 2
    expect(errors).toEqual([
      {
        message: 'The operation can cost 126 points; one operation may cost 100.',
        extensions: {
          code: 'COST_LIMIT_EXCEEDED',
          estimated,
          limit: 100,
          dearest: [
            { path: 'curatedSets.nodes', points: 60 },
            { path: 'curatedSets.nodes.tags', points: 60 },
            { path: 'curatedSets', points: 5 },
          ],
          largestPage: { path: 'curatedSets', argument, value: 47 },
          retryAfterSeconds: null,
        },
      },
    ])
    expect(extensions.cost).toMatchObject({ estimated, actual: 0, refunded: 0 })
    expect(headers['retry-after']).toBeUndefined()
  })

  test('it runs with the page that was named, and with none that is larger', async () => {
    const [fitting, itsVariables] = written(47)
    const within = await gateway.post(fitting, undefined, itsVariables)
    expect(within.status).toBe(200)
    expect(JSON.parse(within.body).extensions.cost.estimated).toBe(100)
    const [larger, variables] = written(48)
    expect((await gateway.post(larger, undefined, variables)).codes).toEqual([
      'COST_LIMIT_EXCEEDED',
    ])
  })
})

test('the page that is named is the outermost that helps', async () => {
  const key = await gateway.keyOf('ada')
  const { body } = await gateway.post(patternsOf(50), key)
  expect(JSON.parse(body).errors[0].extensions).toMatchObject({
    estimated: 1 + 5 + 50 * (1 + 5 + 100),
    limit: 1000,
    dearest: [
      { path: 'measurementSets.nodes.patterns.nodes', points: 5000 },
      { path: 'measurementSets.nodes.patterns', points: 250 },
      { path: 'measurementSets.nodes', points: 50 },
    ],
    largestPage: { path: 'measurementSets', argument: 'first', value: 9 },
  })
  expect((await gateway.post(patternsOf(9), key)).status).toBe(200)
  expect((await gateway.post(patternsOf(10), key)).status).toBe(422)
})

test('no page is named where no page makes it cheaper', async () => {
  const { body } = await gateway.post(`{ ${aliased(14, 'curatedSets { totalCount }')} }`)
  expect(JSON.parse(body).errors[0].extensions).toMatchObject({
    code: 'COST_LIMIT_EXCEEDED',
    estimated: 1 + 14 * (5 + 5),
    dearest: [{ points: 5 }, { points: 5 }, { points: 5 }],
    largestPage: null,
  })
})

describe('one operation may cost', () => {
  test('100 points without credentials, where the policy says so', async () => {
    expect(await statuses(100)).toEqual([200, 422])
  })

  test.each([
    [0, 1000],
    [4, 1000],
    [5, 2000],
    [8, 2000],
  ] as const)('at level %d %d points', async (level, ceiling) => {
    const accountId = await gateway.account({ role: 'admin' })
    expect(await statuses(ceiling, await gateway.issueKey({ accountId, level }))).toEqual([
      200, 422,
    ])
  })
})

/** What comes of operations that cost so many points, and one more. */
async function statuses(points: number, key?: string): Promise<readonly number[]> {
  const answers = [
    await gateway.post(costing(points), key),
    await gateway.post(costing(points + 1), key),
  ]
  return answers.map(({ status }) => status)
}

/** An operation of so many points: the query 1, each list 5, and each of its sets 1, or 2 with tags. */
function costing(points: number): string {
  const whole = Math.max(0, Math.floor((points - 1 - 12) / 205))
  const rest = points - 1 - whole * 205
  const half = Math.floor(rest / 2)
  const lists = [
    ...Array.from({ length: whole }, () => curatedSets(100, 'tags')),
    curatedSets(half - 5, 'name'),
    curatedSets(rest - half - 5, 'name'),
  ]
  return `{ ${lists.map((list, i) => `a${i}: ${list}`).join(' ')} }`
}

function curatedSets(size: number, field: string): string {
  return `curatedSets(first: ${size}) { nodes { ${field} } }`
}

function patternsOf(sets: number): string {
  return `{ measurementSets(first: ${sets}) { nodes { patterns(first: 100) { nodes { design } } } } }`
}

function aliased(count: number, field: string): string {
  return Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(' ')
}
