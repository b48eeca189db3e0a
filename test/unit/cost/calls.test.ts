import { describe, expect, test } from 'vitest'

import { fieldCost, price } from '../../support/price.ts'

describe('a call costs', () => {
  test('its field, its arguments and the arguments of its directives', () => {
    const sdl = `directive @d(t: Int @cost(weight: "3")) on FIELD
      type Query { f(a: Int @cost(weight: "2")): Int @cost(weight: "1") }`
    expect(fieldCost(sdl, '{ f(a: 1) @d(t: 1) }')).toBe(6)
  })

  test('nothing rather than less', () => {
    const sdl = `type Query { f(a: Int @cost(weight: "-9")): Int @cost(weight: "2")
      g: Int @cost(weight: "3") }`
    expect(fieldCost(sdl, '{ f(a: 1) g }')).toBe(3)
  })

  test('nothing rather than less, before what it answers is added', () => {
    const sdl = `type Query { f(a: Int @cost(weight: "-9")): A @cost(weight: "2") }
      type A { n: Int @cost(weight: "5") }`
    expect(fieldCost(sdl, '{ f(a: 1) { n } }')).toBe(5)
  })

  test('once, however many items it answers', () => {
    const sdl =
      'type Query { l: [A] @cost(weight: "4") @listSize(assumedSize: 10) } type A { n: Int }'
    expect(fieldCost(sdl, '{ l { n } }')).toBe(4)
  })

  test('once for each parent', () => {
    const sdl = `type Query { l: [A] @cost(weight: "4") @listSize(assumedSize: 10) }
      type A { n: Int @cost(weight: "2") }`
    expect(fieldCost(sdl, '{ l { n } }')).toBe(4 + 20)
  })

  test('once where it is selected repeatedly', () => {
    const sdl = 'type Query { n: Int @cost(weight: "2") }'
    expect(fieldCost(sdl, '{ n n ... { n } }')).toBe(2)
  })

  test('again under another response name', () => {
    expect(fieldCost('type Query { n: Int @cost(weight: "2") }', '{ n m: n }')).toBe(4)
  })
})

describe('directives', () => {
  const sdl = `directive @d(t: Int = 1 @cost(weight: "3")) repeatable on FIELD | FRAGMENT_SPREAD
      | INLINE_FRAGMENT | QUERY
    directive @less(t: Int @cost(weight: "-5")) on FIELD
    type Query { n: Int @cost(weight: "2") }`

  test.each([
    ['{ n @d }', 5],
    ['{ n @d(t: null) }', 5],
    ['{ n @d @d }', 8],
    ['{ n @less(t: 1) }', 0],
    ['{ n @less }', 2],
    ['{ __typename @d }', 3],
  ])('on a field cost what their arguments cost: %s', (operation, cost) => {
    expect(fieldCost(sdl, operation)).toBe(cost)
  })

  test.each([
    '{ n @d n }',
    '{ n n @d }',
    '{ n @d ... { n @less(t: 1) } }',
    '{ n @less(t: 1) n @d }',
  ])('are those of the dearest occurrence: %s', (operation) => {
    expect(fieldCost(sdl, operation)).toBe(5)
  })

  test('of an occurrence that is left out do not count', () => {
    expect(fieldCost(sdl, '{ n n @d @skip(if: true) }')).toBe(2)
  })

  test('on fragments and on the operation cost nothing', () => {
    const operation = 'query @d { ...F @d ... @d { n } } fragment F on Query { n }'
    expect(fieldCost(sdl, operation)).toBe(2)
  })
})

test('introspection costs what any field does', () => {
  const cost = price('type Query { n: Int }', '{ __schema { queryType { name } } __typename }')
  expect(cost).toEqual({ typeCost: 3, fieldCost: 2 })
})
