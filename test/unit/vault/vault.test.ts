import { expect, test } from 'vitest'
import { createKeyRing, withFreshKey, withoutKeys } from '../../../src/vault/key-ring.ts'
import { place } from '../../../src/vault/sealed-rows.ts'
import { VaultError } from '../../../src/vault/vault-error.ts'
import { createVault } from '../../../src/vault/vault.ts'

const row = '0190b6c2-7c1e-7abc-8def-0123456789ab'
const owner = '0190b6c2-7c1e-7abc-8def-ba9876543210'
const here = place('measurement_set', 'label', { row, owner })

test('a sealed text opens at its place', () => {
  const vault = createVault(createKeyRing())
  expect(vault.open(vault.seal('Robin, 2026 – chüst', here), here)).toBe('Robin, 2026 – chüst')
})

test('an empty text is sealed and opens', () => {
  const vault = createVault(createKeyRing())
  expect(vault.open(vault.seal('', here), here)).toBe('')
})

test('sealed text names its key and is never the same twice', () => {
  const ring = createKeyRing()
  const vault = createVault(ring)
  const sealed = Array.from({ length: 1000 }, () => vault.seal('Robin', here))
  expect(new Set(sealed).size).toBe(1000)
  expect(sealed.every((text) => text.startsWith(`${ring.fields.current}.`))).toBe(true)
})

test.each([
  ['owner', place('measurement_set', 'label', { row, owner: row })],
  ['row', place('measurement_set', 'label', { row: owner, owner })],
  ['table', place('pattern', 'label', { row, owner })],
  ['part', place('measurement_set', 'body', { row, owner })],
])('a sealed text that was moved to another %s does not open', (_, elsewhere) => {
  const vault = createVault(createKeyRing())
  const sealed = vault.seal('Robin', here)
  expect(() => vault.open(sealed, elsewhere)).toThrow(
    expect.objectContaining({ name: 'VaultError', problem: 'altered' }),
  )
})

test('a text sealed under the key of another vault does not open', () => {
  const sealed = createVault(createKeyRing()).seal('Robin', here)
  expect(() => createVault(createKeyRing()).open(sealed, here)).toThrow(
    expect.objectContaining({ problem: 'unknown-key' }),
  )
})

test.each(['', '.', 'abc', '.AAAA', 'abcd.', 'abcd.AAAA', `abcd.${'A'.repeat(36)}`])(
  'a text that was never sealed does not open: %j',
  (text) => {
    expect(() => createVault(createKeyRing()).open(text, here)).toThrow(
      expect.objectContaining({ problem: 'malformed' }),
    )
  },
)

test('an error names the place and holds neither sealed nor plain text, nor a cause', () => {
  const vault = createVault(createKeyRing())
  const sealed = vault.seal('canary', here)
  const elsewhere = place('pattern', 'label', { row, owner })
  const error = failure(() => vault.open(sealed, elsewhere))
  const shown = JSON.stringify(error, Object.getOwnPropertyNames(error))
  expect(error).toBeInstanceOf(VaultError)
  expect(shown).toContain(elsewhere)
  expect(shown).not.toContain('canary')
  expect(shown).not.toContain(sealed.slice(10))
  expect(shown).not.toContain('cause')
})

test('what an older key sealed opens after a rotation, and new text is sealed under the new key', () => {
  const before = createKeyRing()
  const after = withFreshKey(before, 'fields')
  const old = createVault(before).seal('Robin', here)
  const vault = createVault(after)
  expect(vault.open(old, here)).toBe('Robin')
  expect(vault.seal('Robin', here).startsWith(`${after.fields.current}.`)).toBe(true)
})

test('a value sealed under a key newer than the vault opens once the newer ring is there', () => {
  const before = createKeyRing()
  const after = withFreshKey(before, 'fields')
  const sealed = createVault(after).seal('Robin', here)
  let ring: typeof before | null = null
  const vault = createVault(before, { refresh: () => ring })
  expect(() => vault.open(sealed, here)).toThrow(
    expect.objectContaining({ problem: 'unknown-key' }),
  )
  ring = after
  expect(vault.open(sealed, here)).toBe('Robin')
})

test('a vault that only seals takes up a newer key within a second', () => {
  const before = createKeyRing()
  const after = withFreshKey(before, 'fields')
  let now = 0
  const vault = createVault(before, { refresh: () => after, now: () => now })
  now = 999
  expect(vault.seal('Robin', here).startsWith(`${before.fields.current}.`)).toBe(true)
  now = 1000
  expect(vault.seal('Robin', here).startsWith(`${after.fields.current}.`)).toBe(true)
})

test('a key that left the ring goes on opening what the vault has already met', () => {
  const before = createKeyRing()
  const rotated = withFreshKey(before, 'fields')
  const after = withoutKeys(rotated, 'fields', new Set([before.fields.current]))
  const old = createVault(before).seal('Robin', here)
  const vault = createVault(before, { refresh: () => after })
  vault.open(createVault(after).seal('new', here), here)
  expect(vault.open(old, here)).toBe('Robin')
})

test('labels that differ in case, surrounding space or composition have one blind index', () => {
  const vault = createVault(createKeyRing())
  const index = vault.labelIndex('Zoë’s ﬁt')
  expect(index).toHaveLength(32)
  for (const label of ['zoë’s fit', '  ZOE\u0308’S FIT\n']) {
    expect(vault.labelIndex(label)).toEqual(index)
  }
  expect(vault.labelIndex('zoe’s fit')).not.toEqual(index)
})

test('blind indexes of two key rings have nothing in common', () => {
  const label = 'Robin'
  expect(createVault(createKeyRing()).labelIndex(label)).not.toEqual(
    createVault(createKeyRing()).labelIndex(label),
  )
})

test('a digest depends on the pepper named, and an unknown pepper is refused', () => {
  const { pepper } = createVault(createKeyRing())
  expect(pepper.digest('text')).toEqual(pepper.digest('text', pepper.id))
  expect(pepper.digest('text')).toHaveLength(32)
  expect(() => pepper.digest('text', 'other')).toThrow(
    expect.objectContaining({ problem: 'unknown-key' }),
  )
})

function failure(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}
