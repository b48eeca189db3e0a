import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { joinBody, splitBody } from '../../src/vault/seal-row.ts'
import { createVault } from '../../src/vault/vault.ts'

const vault = createVault(createKeyRing())
const text = fc.string({ unit: 'binary', maxLength: 300 })

test('every text opens as it was sealed, at every place', () => {
  fc.assert(
    fc.property(text, text, (plain, place) => {
      expect(vault.open(vault.seal(plain, place), place)).toBe(plain)
    }),
  )
})

test('no text opens at another place', () => {
  fc.assert(
    fc.property(text, text, text, (plain, place, other) => {
      fc.pre(place !== other)
      const sealed = vault.seal(plain, place)
      expect(() => vault.open(sealed, other)).toThrow('does not open')
    }),
  )
})

test('a sealed text with any one bit flipped does not open', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), (plain) => {
      const sealed = Buffer.from(vault.seal(plain, 'place'), 'latin1')
      for (let bit = 0; bit < sealed.length * 8; bit += 1) {
        const flipped = Buffer.from(sealed)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(() => vault.open(flipped.toString('latin1'), 'place')).toThrow('does not open')
      }
    }),
    { numRuns: 10 },
  )
})

test('ciphertext, IV and tag with any one bit flipped do not open', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), (plain) => {
      const [id = '', body = ''] = vault.seal(plain, 'place').split('.')
      const bytes = Buffer.from(body, 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const forged = `${id}.${flipped.toString('base64url')}`
        expect(() => vault.open(forged, 'place')).toThrow('altered')
      }
    }),
    { numRuns: 10 },
  )
})

test('a body gives back the JSON text of each member', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 4 }), (members) => {
      const parts = splitBody(joinBody(members)).slice(0, members.length)
      expect(parts).toEqual(members.map((member) => JSON.stringify(member)))
    }),
  )
})

test('neither composition nor surrounding space changes a blind index', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (label) => {
      const padded = ` \n${label.normalize('NFD')}\t`
      expect(vault.labelIndex(padded)).toEqual(vault.labelIndex(label))
    }),
  )
})
