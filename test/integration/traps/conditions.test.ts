import { expect, test } from 'vitest'

import { testGateway } from '../../support/gateway.ts'
import { costOf } from '../../support/told-cost.ts'

const gateway = await testGateway()

async function price(document: string, variables?: object): Promise<number | null> {
  const answer = await gateway.post(document, undefined, variables)
  expect(answer.codes).toEqual([])
  return costOf(answer).estimated
}

const SETS = 'curatedSets(first: 100) { nodes { id } }'
/** Of the query alone. */
const NOTHING = 1
const ALL = 1 + 5 + 100

test.each<[way: string, document: string, variables?: object]>([
  ['@include(if: false)', `{ version ${SETS.replace(' {', ' @include(if: false) {')} }`],
  ['@skip(if: true)', `{ version ${SETS.replace(' {', ' @skip(if: true) {')} }`],
  [
    '@include by a variable',
    `query($b: Boolean!) { version ${SETS.replace(' {', ' @include(if: $b) {')} }`,
    { b: false },
  ],
  [
    '@skip by the default of a variable',
    `query($b: Boolean = true) { version ${SETS.replace(' {', ' @skip(if: $b) {')} }`,
  ],
  ['@include on a fragment', `{ version ... @include(if: false) { ${SETS} } }`],
  [
    '@skip on a spread',
    `query($b: Boolean!) { version ...A @skip(if: $b) } fragment A on Query { ${SETS} }`,
    { b: true },
  ],
  ['one of the two', `{ version ... @include(if: true) @skip(if: true) { ${SETS} } }`],
])('what is left out costs nothing: %s', async (_way, document, variables) => {
  expect(await price(document, variables)).toBe(NOTHING)
})

test('the same document costs what its variables let in', async () => {
  const document = `query($b: Boolean!) { version ...A @include(if: $b) } fragment A on Query { ${SETS} }`
  expect(await price(document, { b: false })).toBe(NOTHING)
  expect(await price(document, { b: true })).toBe(ALL)
  expect(await price(document, { b: false })).toBe(NOTHING)
})

test.each([
  ['first', `{ ${SETS.replace(' {', ' @skip(if: true) {')} ${SETS} }`],
  ['second', `{ ${SETS} ${SETS.replace(' {', ' @skip(if: true) {')} }`],
])('a field that is left out in its %s place only is paid for', async (_place, document) => {
  expect(await price(document)).toBe(ALL)
})

test('of a field in two places both selections are paid for, and the call once', async () => {
  const other = 'curatedSets(first: 100) { nodes { tags } }'
  expect(await price(`{ ${SETS} ${other} }`)).toBe(ALL + 100)
  expect(await price(`{ ${SETS} ... @include(if: false) { ${other} } }`)).toBe(ALL)
  expect(await price(`{ ${SETS} ... @skip(if: false) { ${other} } }`)).toBe(ALL + 100)
})
