import { describe, expect, test } from 'vitest'
import { fillMarks, mark, type OpenedRow, type Slot } from '../../../../src/schema/plan/marks.ts'
import { joinBody } from '../../../../src/vault/seal-row.ts'
import { VaultError } from '../../../../src/vault/vault-error.ts'
import { place, type SealedTable } from '../../../../src/vault/sealed-rows.ts'
import { testVault } from '../../../support/test-vault.ts'

const vault = testVault()
const OWNER = 'owner-uuid'

/** What the statement writes for a mark that brings these parts. */
function carried(index: number, ...parts: readonly string[]): string {
  return `\u0001${[index, ...parts].join('\u0002')}\u0001`
}

function sealed(part: 'label' | 'body', row: string, text: string): string {
  return vault.seal(text, place('measurement_set', part, { row, owner: OWNER }))
}

function slot(
  register: number,
  render: (opened: OpenedRow, values: object) => string,
  needs: { label?: boolean; body?: boolean; table?: SealedTable | null } | null = null,
): Slot<object> {
  if (needs === null) return { register, carries: null, render }
  const { label = false, body = false, table = 'measurement_set' } = needs
  return { register, carries: { table, needs: { label, body } }, render }
}

function fill(text: string, ...slots: readonly Slot<object>[]): string {
  return fillMarks(text, slots, { vault, values: slots.map((_, i) => ({ i })) })
}

const labelOf = ({ label }: OpenedRow) => JSON.stringify(label)
const notesOf = ({ body }: OpenedRow) => body[0] ?? 'null'
const basesOf = ({ bases }: OpenedRow) => `[${bases.map(([first]) => first).join(',')}]`
const textAndValues = ({ text }: OpenedRow, values: object) => `[${text},${JSON.stringify(values)}]`

/** A sealed body whose notes are the name of its row. */
function notes(row: string): string {
  return sealed('body', row, joinBody([row]))
}

describe('a text', () => {
  test('without marks stays as it is', () => {
    expect(fill('{"a":"\\u0001"}')).toBe('{"a":"\\u0001"}')
  })

  test('has each of several objects filled from its own row', () => {
    const marks = ['r1', 'r2', 'r3'].map((row) =>
      carried(0, row, OWNER, sealed('label', row, `"${row}"`)),
    )
    const filled = fill(`[${marks.join(',')}]`, slot(0, labelOf, { label: true }))
    expect(JSON.parse(filled)).toEqual(['"r1"', '"r2"', '"r3"'])
  })

  test('fills later marks of an object from what its first one brought', () => {
    const body = sealed('body', 'r1', joinBody(['Notes', null, { chest: 1 }]))
    const first = carried(0, 'r1', OWNER, sealed('label', 'r1', 'Ada'), body)
    const text = `{"name":${first},"notes":${mark(1)},"image":${mark(2)}}`
    const filled = fill(
      text,
      slot(0, labelOf, { label: true, body: true }),
      slot(0, notesOf),
      slot(0, (opened) => opened.body[1] ?? '?'),
    )
    expect(filled).toBe('{"name":"Ada","notes":"Notes","image":null}')
  })

  test('keeps the row of an outer object while inner ones are filled', () => {
    const outer = carried(0, 'out', OWNER, sealed('label', 'out', 'outer'))
    const inner = (row: string) => carried(1, row, OWNER, sealed('label', row, row))
    const text = `[${outer},[${inner('a')},${mark(2)},${inner('b')},${mark(2)}],${mark(3)}]`
    const filled = fill(
      text,
      slot(0, labelOf, { label: true }),
      slot(1, labelOf, { label: true }),
      slot(1, labelOf),
      slot(0, labelOf),
    )
    expect(JSON.parse(filled)).toEqual(['outer', ['a', 'a', 'b', 'b'], 'outer'])
  })

  test('hands over the bodies of base sets, nearest first', () => {
    const text = carried(0, 'r', OWNER, notes('r'), 'b1', notes('b1'), 'b2', notes('b2'))
    expect(fill(text, slot(0, basesOf, { body: true }))).toBe('["b1","b2"]')
    expect(fill(carried(0, 'r', OWNER, notes('r')), slot(0, basesOf, { body: true }))).toBe('[]')
  })

  test('hands over what is not sealed, and the values of the field', () => {
    const filled = fill(carried(0, '{"chest":1}'), slot(0, textAndValues, { table: null }))
    expect(filled).toBe('[{"chest":1},{"i":0}]')
  })

  test('takes a label for a text, whatever it holds', () => {
    const name = '"\\ \u0001\u0002\n\u2028'
    const text = carried(0, 'r', OWNER, sealed('label', 'r', name))
    expect(JSON.parse(fill(text, slot(0, labelOf, { label: true })))).toBe(name)
  })
})

describe('nothing is answered', () => {
  test('for a mark of a slot that the plan does not have', () => {
    expect(() => fill(mark(1), slot(0, labelOf, { label: true }))).toThrow('unknown slot')
    expect(() => fill(mark(Number.NaN))).toThrow('unknown slot')
  })

  test('for a mark that stands before the one that carries its row', () => {
    expect(() => fill(mark(0), slot(0, labelOf))).toThrow('before the one that carries')
  })

  test('for a value that was moved to another row, owner or part', () => {
    const asks = slot(0, labelOf, { label: true })
    const label = sealed('label', 'r1', 'Ada')
    expect(fill(carried(0, 'r1', OWNER, label), asks)).toBe('"Ada"')
    expect(() => fill(carried(0, 'r2', OWNER, label), asks)).toThrow(VaultError)
    expect(() => fill(carried(0, 'r1', 'thief', label), asks)).toThrow(VaultError)
    expect(() => fill(carried(0, 'r1', OWNER, sealed('body', 'r1', 'x')), asks)).toThrow(VaultError)
  })

  test('for a sealed value of a table that has none', () => {
    const asks = slot(0, labelOf, { label: true, table: null })
    expect(() => fill(carried(0, 'r', OWNER, 'x'), asks)).toThrow('Nothing of this row is sealed')
  })

  test('for a mark that lacks a part', () => {
    expect(() => fill(carried(0, 'r', OWNER), slot(0, labelOf, { label: true }))).toThrow('lacks')
  })
})

test('a value that no field asks for is never opened', () => {
  const text = carried(0, 'r', OWNER, 'broken', sealed('body', 'r', joinBody(['x'])))
  expect(fill(text, slot(0, notesOf, { label: true, body: true }))).toBe('"x"')
})
