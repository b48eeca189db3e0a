import { expect, test } from 'vitest'
import { compareRing } from '../../../src/vault/fingerprints.ts'
import { createKeyRing, withFreshKey } from '../../../src/vault/key-ring.ts'

test('an empty database has met no key of a ring', () => {
  const verdict = compareRing(createKeyRing(), [])
  expect(verdict).toMatchObject({ kind: 'fresh' })
  expect(verdict.kind === 'fresh' && verdict.prints.map(({ purpose }) => purpose)).toEqual([
    'fields',
    'index',
    'sessions',
    'pepper',
  ])
})

test('a ring whose keys are all recorded is known', () => {
  const ring = createKeyRing()
  expect(compareRing(ring, printsOf(ring))).toEqual({ kind: 'known' })
})

test('a ring with one more key is fresh in that key alone', () => {
  const ring = createKeyRing()
  const rotated = withFreshKey(ring, 'fields')
  expect(compareRing(rotated, printsOf(ring))).toMatchObject({
    kind: 'fresh',
    prints: [{ purpose: 'fields', key_id: rotated.fields.current }],
  })
})

test('a retired key that the database forgot is not recorded again', () => {
  const rotated = withFreshKey(createKeyRing(), 'fields')
  const prints = printsOf(rotated)
  expect(compareRing(rotated, prints)).toEqual({ kind: 'known' })
})

test('a ring that lacks a recorded key is refused by name', () => {
  const ring = createKeyRing()
  const rotated = withFreshKey(ring, 'fields')
  expect(compareRing(ring, printsOf(rotated))).toEqual({
    kind: 'lacks',
    purpose: 'fields',
    keyId: rotated.fields.current,
  })
})

test('a ring with another key under a recorded id is refused by name', () => {
  const ring = createKeyRing()
  const { current } = ring.pepper
  const forged = { ...ring, pepper: { current, keys: new Map([[current, Buffer.alloc(32)]]) } }
  expect(compareRing(forged, printsOf(ring))).toEqual({
    kind: 'differs',
    purpose: 'pepper',
    keyId: current,
  })
})

test('a fingerprint says nothing about its key', () => {
  const ring = createKeyRing()
  for (const { purpose, key_id: id, fingerprint } of printsOf(ring)) {
    expect(fingerprint).toHaveLength(32)
    expect(ring[purpose].keys.get(id)).not.toEqual(fingerprint)
  }
})

function printsOf(ring: Parameters<typeof compareRing>[0]) {
  const verdict = compareRing(ring, [])
  if (verdict.kind !== 'fresh') throw new Error(verdict.kind)
  return verdict.prints
}
