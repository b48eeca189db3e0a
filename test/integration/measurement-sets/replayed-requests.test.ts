import { expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { CREATE as CREATE_PATTERN, UPDATE as UPDATE_PATTERN } from '../patterns/documents.ts'
import { CREATE, DELETE, UPDATE } from './documents.ts'
import { answered, madeSet, seenSet, storedSets } from './sets.ts'

test('a set that was made upon another one is answered again once that is gone', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const { id: base } = await madeSet(ada)
  const input = { name: 'On it', baseSet: base }
  const first = await answered(ada, CREATE, input, 'once')
  await answered(ada, DELETE, { id: base, dependents: 'DETACH' })
  const again = await answered(ada, CREATE, input, 'once')
  expect(again.measurementSet).toMatchObject({ id: first.measurementSet.id, baseSet: null })
  expect(await storedSets(gateway)).toHaveLength(1)
})

test('a set that was based on another one is answered again once that is gone', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const [{ id: base }, { id, version }] = [await madeSet(ada), await madeSet(ada)]
  const input = { id, version, baseSet: base }
  await answered(ada, UPDATE, input, 'once')
  await answered(ada, DELETE, { id: base, dependents: 'DETACH' })
  const present = await seenSet(ada, id)
  const again = await answered(ada, UPDATE, input, 'once')
  expect(again.measurementSet).toMatchObject({ id, version: present.version })
  expect(await seenSet(ada, id)).toEqual(present)
})

test('a pattern that was made from a set is answered again once that is gone', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const { id: measurementSet } = await madeSet(ada)
  const input = { design: 'aaron', name: 'A', measurementSet }
  const first = await answered(ada, CREATE_PATTERN, input, 'once')
  const { id, version } = first.pattern
  const change = { id, version, measurementSet }
  await answered(ada, UPDATE_PATTERN, change, 'twice')
  await answered(ada, DELETE, { id: measurementSet, dependents: 'REFUSE' })
  expect((await answered(ada, CREATE_PATTERN, input, 'once')).pattern.id).toBe(id)
  expect((await answered(ada, UPDATE_PATTERN, change, 'twice')).pattern.id).toBe(id)
})

test('an Idempotency-Key stands for one mutation, whatever the other one takes', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const { id, version } = await madeSet(ada)
  const PUBLISHING = `mutation ($input: PublishMeasurementSetInput!) { a: publishMeasurementSet(input: $input) { __typename } }`
  const HIDING = PUBLISHING.replace('publish', 'unpublish')
  expect(await answered(ada, PUBLISHING, { id, version }, 'once')).toEqual({
    __typename: 'PublishMeasurementSetPayload',
  })
  const { status, codes } = await ada.act(HIDING, { input: { id, version } }, 'once')
  expect([status, codes]).toEqual([422, ['INPUT_INVALID']])
  expect((await seenSet(ada, id)).public).toBe(true)
})
