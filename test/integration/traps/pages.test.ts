import { expect, test } from 'vitest'

import { countedPoints } from '../../support/counted-points.ts'
import { testGateway } from '../../support/gateway.ts'
import { costOf } from '../../support/told-cost.ts'

const gateway = await testGateway()
const key = await gateway.issueKey({ level: 4 })

test.each<[what: string, page: string, argument: string, message: string]>([
  ['both', 'first: 5, last: 5', 'last', 'Give first or last, not both.'],
  ['zero', 'first: 0', 'first', 'first is 0; a page holds 1 to 100 items.'],
  ['a negative one', 'last: -1', 'last', 'last is -1; a page holds 1 to 100 items.'],
  ['one too many', 'first: 101', 'first', 'first is 101; a page holds 1 to 100 items.'],
  [
    'the largest Int',
    'last: 2147483647',
    'last',
    'last is 2147483647; a page holds 1 to 100 items.',
  ],
  [
    'the smallest Int',
    'first: -2147483648',
    'first',
    'first is -2147483648; a page holds 1 to 100 items.',
  ],
])(
  'a page of %s is refused before anything is reserved',
  async (_what, page, argument, message) => {
    const [[name, value] = []] = [...page.matchAll(/(\w+): (\S+)$/g)].map(([, ...pair]) => pair)
    const literal = await gateway.post(`{ measurementSets(${page}) { totalCount } }`, key)
    const variable = await gateway.post(
      `query($n: Int) { measurementSets(${page.replace(/\S+$/, '$n')}) { totalCount } }`,
      key,
      { n: Number(value) },
    )
    expect(name).toBe(argument)
    for (const answer of [literal, variable]) {
      expect([answer.status, answer.codes]).toEqual([422, ['PAGE_SIZE_INVALID']])
      expect(JSON.parse(answer.body).errors[0].extensions.problems).toEqual([
        { code: 'PAGE_SIZE_INVALID', path: 'measurementSets', argument, message },
      ])
      expect(costOf(answer)).toMatchObject({ estimated: null, actual: 0, refunded: 0 })
    }
    expect(await countedPoints(gateway)).toBe(null)
  },
)

test('all pages that are out of bounds are named at once, wherever they are', async () => {
  const { status, body } = await gateway.post(
    `query($n: Int) {
      measurementSets(first: 0) { nodes { patterns(first: $n, last: 3) { totalCount } } }
      again: patterns(last: $n) { totalCount }
      bookmarks(first: 100) { totalCount }
    }`,
    key,
    { n: 200 },
  )
  expect(status).toBe(422)
  const { problems } = JSON.parse(body).errors[0].extensions
  expect(
    problems.map(({ path, argument }: Record<string, string>) => `${path} ${argument}`),
  ).toEqual(['measurementSets first', 'measurementSets.nodes.patterns last', 'again last'])
  expect(await countedPoints(gateway)).toBe(null)
})

test.each<[what: string, document: string, variables: object, code: string]>([
  [
    'a fraction',
    'query($n: Int) { bookmarks(first: $n) { totalCount } }',
    { n: 1.5 },
    'VARIABLE_INVALID',
  ],
  [
    'a text',
    'query($n: Int) { bookmarks(first: $n) { totalCount } }',
    { n: '5' },
    'VARIABLE_INVALID',
  ],
  [
    'more than an Int holds',
    'query($n: Int) { bookmarks(first: $n) { totalCount } }',
    { n: 2 ** 31 },
    'VARIABLE_INVALID',
  ],
  [
    'a list',
    'query($n: Int) { bookmarks(first: $n) { totalCount } }',
    { n: [5] },
    'VARIABLE_INVALID',
  ],
  ['a fraction in the text', '{ bookmarks(first: 1.5) { totalCount } }', {}, 'DOCUMENT_INVALID'],
  [
    'more than an Int holds, in the text',
    '{ bookmarks(first: 2147483648) { totalCount } }',
    {},
    'DOCUMENT_INVALID',
  ],
])('a size that is %s has no price', async (_what, document, variables, code) => {
  const answer = await gateway.post(document, key, variables)
  expect([answer.status, answer.codes]).toEqual([400, [code]])
  expect(costOf(answer).estimated).toBe(null)
  expect(await countedPoints(gateway)).toBe(null)
})
