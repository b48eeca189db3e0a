import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'

import { findExcess } from '../../../src/gateway/repeated-names.ts'

const LIMITS = { nameLengthMax: 100, occurrencesMax: 50, fieldsMax: 5_000 }
const REPEATED_ID = { kind: 'repeated', responseName: 'id' }

describe('a response name', () => {
  test('may occur 50 times in one selection set', () => {
    expect(excessOf(`{ me { ${'id '.repeat(50)} } }`)).toBeNull()
  })

  test.each([
    ['side by side', `{ me { ${'id '.repeat(51)} } }`],
    ['as an alias', `{ me { ${'id: username '.repeat(50)} id } }`],
    ['in inline fragments', `{ me { ${'... { id } '.repeat(51)} } }`],
    ['under fields that merge', `{ ${'me { id ...{ id } } '.repeat(26)} }`],
    ['under type conditions', `{ me { ${'... on Account { id } '.repeat(51)} } }`],
    ['in a fragment that nothing spreads', `{ a } fragment Unused on A { ${'id '.repeat(51)} }`],
  ])('may not occur 51 times %s', (_case, document) => {
    expect(excessOf(document)).toEqual(REPEATED_ID)
  })

  test('in a fragment counts once, however often that is spread', () => {
    const document = `{ me { ${'...Names '.repeat(60)} } } fragment Names on Account { id }`
    expect(excessOf(document)).toBeNull()
  })

  test('in sets that do not merge is counted for each of them', () => {
    const sets = Array.from({ length: 60 }, (_, i) => `a${i}: me { id }`)
    expect(excessOf(`{ ${sets.join(' ')} }`)).toBeNull()
  })

  test.each([
    ['as an alias', (name: string) => `{ ${name}: me { id } }`],
    ['as the name of a field', (name: string) => `{ me { ${name} } }`],
    ['in a fragment', (name: string) => `{ ...A } fragment A on Query { ${name}: me { id } }`],
  ])('may have 100 characters %s, and no more', (_where, document) => {
    expect(excessOf(document('a'.repeat(100)))).toBeNull()
    expect(excessOf(document('a'.repeat(101)))).toEqual({ kind: 'long-name' })
  })

  test('may be one of Object.prototype', () => {
    expect(excessOf(`{ ${'__proto__: a '.repeat(51)} }`)).toEqual({
      kind: 'repeated',
      responseName: '__proto__',
    })
  })
})

describe('fragments', () => {
  test('that spread themselves come to an end', () => {
    const document =
      '{ me { ...A } } fragment A on Account { id ...B } fragment B on Account { ...A }'
    expect(excessOf(document)).toBeNull()
  })

  test('that nest themselves under a field are too many fields', () => {
    const document = '{ ...A } fragment A on Account { a { ...A } }'
    expect(excessOf(document)).toEqual({ kind: 'too-many-fields' })
  })

  test('that double 20 times side by side are walked once each', () => {
    const bomb = doubling(20, (next) => `...${next} ...${next}`)
    expect(excessOf(bomb)).toBeNull()
  })

  test('that double 20 times level by level are too many fields, found before they are all walked', () => {
    const bomb = doubling(20, (next) => `a { ...${next} } b { ...${next} }`)
    expect(excessOf(bomb)).toEqual({ kind: 'too-many-fields' })
  })
})

function excessOf(document: string) {
  return findExcess(parse(document), LIMITS)
}

/** Fragments F0 to F<depth>, each of which takes in the next one as `twice` says. */
function doubling(depth: number, twice: (next: string) => string): string {
  const fragments = Array.from(
    { length: depth },
    (_, i) => `fragment F${i} on A { ${twice(`F${i + 1}`)} }`,
  )
  return `{ ...F0 } ${fragments.join(' ')} fragment F${depth} on A { id }`
}
