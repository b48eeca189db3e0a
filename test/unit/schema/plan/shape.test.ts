import { Kind, parse, type SelectionNode } from 'graphql'
import { describe, expect, test } from 'vitest'
import { decidesAlike, Shape } from '../../../../src/schema/plan/shape.ts'

function selection(text: string): SelectionNode {
  const [definition] = parse(`{ ${text} }`).definitions
  const node =
    definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections[0] : null
  if (!node) throw new Error('Nothing is selected.')
  return node
}

const LENGTH = (variables: Readonly<Record<string, unknown>>) =>
  String(String(variables['text']).length)

describe('a plan', () => {
  test('that no variable took part in holds for all', () => {
    const shape = new Shape({ a: true })
    shape.includes(selection('a @include(if: true) @skip(if: false)'))
    expect(shape.decisions).toEqual([])
    expect(decidesAlike(shape.decisions, {})).toBe(true)
  })

  test('holds for variables that decide alike, whatever else they hold', () => {
    const shape = new Shape({ a: true, text: 'four' })
    expect(shape.includes(selection('x @include(if: $a)'))).toBe(true)
    expect(shape.decide(LENGTH)).toBe('4')
    expect(decidesAlike(shape.decisions, { a: true, text: 'five', b: 1 })).toBe(true)
    expect(decidesAlike(shape.decisions, { a: true, text: 'other' })).toBe(false)
    expect(decidesAlike(shape.decisions, { a: false, text: 'four' })).toBe(false)
  })

  test('takes false, null, absent and any other value of a switch for the same', () => {
    const shape = new Shape({ a: false })
    expect(shape.includes(selection('x @skip(if: $a)'))).toBe(true)
    for (const a of [false, null, undefined, 'true', 1]) {
      expect(decidesAlike(shape.decisions, { a })).toBe(true)
    }
    expect(decidesAlike(shape.decisions, {})).toBe(true)
    expect(decidesAlike(shape.decisions, { a: true })).toBe(false)
  })

  test('notes a switch once, however often it is asked', () => {
    const shape = new Shape({ a: true, b: false })
    for (const text of ['x @skip(if: $a)', 'y @include(if: $a)', 'z @include(if: $b)']) {
      shape.includes(selection(text))
    }
    expect(shape.decisions).toHaveLength(2)
  })

  test('notes a switch only where it decides anything', () => {
    const shape = new Shape({ a: true, b: true })
    shape.includes(selection('x @skip(if: $a) @include(if: $b)'))
    expect(decidesAlike(shape.decisions, { a: true, b: false })).toBe(true)
  })
})
