import { expect, test } from 'vitest'
import { createKeyRing } from '../../../src/vault/key-ring.ts'
import { joinBody, sealRow, splitBody } from '../../../src/vault/seal-row.ts'
import { place } from '../../../src/vault/sealed-rows.ts'
import { createVault } from '../../../src/vault/vault.ts'

const ids = {
  row: '0190b6c2-7c1e-7abc-8def-0123456789ab',
  owner: '0190b6c2-7c1e-7abc-8def-ba9876543210',
}

test('the label and the body of a row open at places of their own', () => {
  const vault = createVault(createKeyRing())
  const columns = sealRow(vault, 'measurement_set', ids, {
    name: 'Robin',
    notes: 'two\nlines',
    measurements: { chest: 900.5 },
  })
  const label = place('measurement_set', 'label', ids)
  const body = place('measurement_set', 'body', ids)
  expect(vault.open(columns.label, label)).toBe('Robin')
  expect(columns.label_index).toEqual(vault.labelIndex('robin'))
  expect(splitBody(vault.open(columns.body, body)).slice(0, 3)).toEqual([
    '"two\\nlines"',
    'null',
    '{"chest":900.5}',
  ])
})

test('a table without a body gives a label alone', () => {
  const columns = sealRow(createVault(createKeyRing()), 'api_key', ids, { name: 'laptop' })
  expect(Object.keys(columns)).toEqual(['label'])
})

test('members that a body lacks read null', () => {
  expect(splitBody('')).toEqual(['null', 'null', 'null', 'null'])
  expect(splitBody('1')).toEqual(['1', 'null', 'null', 'null'])
})

test('a member that is not given is stored as null', () => {
  expect(joinBody([undefined, null, 'a'])).toBe('null\nnull\n"a"')
})
