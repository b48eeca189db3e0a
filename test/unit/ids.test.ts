import { base58 } from '@scure/base'
import { describe, expect, test } from 'vitest'
import { formatId, ID_PREFIXES, type IdPrefix, parseId, uuidOf } from '../../src/ids.ts'

const UUID = '019a0000-0000-7000-8000-0000000000a1'
const PREFIXES = Object.keys(ID_PREFIXES) as IdPrefix[] // keys of a constant table

describe('an id', () => {
  test.each(PREFIXES)('of prefix %s reads back as what it names', (prefix) => {
    expect(parseId(formatId(prefix, UUID))).toEqual({ prefix, uuid: UUID })
  })

  test.each([
    ['00000000-0000-0000-0000-000000000000', '1'.repeat(16)],
    ['00000000-0000-0000-0000-000000000001', `${'1'.repeat(15)}2`],
    ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'YcVfxkQb6JRzqk5kF2tNLv'],
  ])('of %s is %s behind its prefix', (uuid, digits) => {
    expect(formatId('set', uuid)).toBe(`set_${digits}`)
    expect(parseId(`set_${digits}`)).toEqual({ prefix: 'set', uuid })
  })

  test('is safe in a URL as it is', () => {
    const id = formatId('set', UUID)
    expect(encodeURIComponent(id)).toBe(id)
  })
})

const DIGITS = formatId('set', UUID).slice('set_'.length)

describe('no id is', () => {
  test.each([
    ['nothing', ''],
    ['a UUID', UUID],
    ['digits without a prefix', DIGITS],
    ['an unknown prefix', `usr_${DIGITS}`],
    ['a prefix in upper case', `SET_${DIGITS}`],
    ['a name that every object inherits', `constructor_${DIGITS}`],
    ['another name that every object inherits', `__proto___${DIGITS}`],
    ['another separator', `set-${DIGITS}`],
    ['a digit that base58 leaves out', `set_0${DIGITS.slice(1)}`],
    ['space in front', ` set_${DIGITS}`],
    ['a line break behind', `set_${DIGITS}\n`],
    ['15 bytes', `set_${base58.encode(new Uint8Array(15).fill(255))}`],
    ['17 bytes', `set_${base58.encode(new Uint8Array(17).fill(1))}`],
    ['22 digits that say more than 16 bytes hold', `set_${'z'.repeat(22)}`],
    ['a further zero byte in front', `set_1${DIGITS}`],
    ['23 digits', `set_${DIGITS}${'1'.repeat(23 - DIGITS.length)}`],
  ])('%s', (_what, text) => {
    expect(parseId(text)).toBeNull()
  })
})

describe('the uuid behind an id', () => {
  test('is there under its own prefix alone', () => {
    expect(uuidOf('set', formatId('set', UUID))).toBe(UUID)
    expect(uuidOf('pat', formatId('set', UUID))).toBeNull()
  })

  test.each([[null], [undefined], [42], [{}], [[]]])('is null for %s', (value) => {
    expect(uuidOf('set', value)).toBeNull()
  })
})
