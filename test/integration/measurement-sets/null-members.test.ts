import { expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { UPDATE } from './documents.ts'
import { madeSet, refusals } from './sets.ts'

test('a set is made with the units of the account where null is sent for them', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  expect(await madeSet(ada, { units: null })).toMatchObject({ units: 'METRIC' })
})

test('what is never removed says so', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const { id, version } = await madeSet(ada)
  expect(await refusals(ada, UPDATE, { id, version, name: null, units: null })).toEqual([
    ['name', 'A name is a text, and never removed.'],
    ['units', 'Units are METRIC or IMPERIAL, and never removed.'],
  ])
})
