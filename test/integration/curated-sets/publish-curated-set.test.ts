import { expect, test } from 'vitest'

import { CLONE } from '../measurement-sets/documents.ts'
import { answered, madeDraft, seenCurated, testCurators, written } from './curators.ts'
import { PUBLISH, RETIRE } from './documents.ts'

const LIST = 'query ($of: [Publication!]) { curatedSets(publication: $of) { nodes { id } } }'
const DEFAULT = '{ curatedSets { totalCount nodes { id } } }'

test('a curated set is read by everybody from its publication until it is retired, and after it is published again', async () => {
  const { gateway, writer, curator } = await testCurators()
  const ada = await writer('ada')
  const { id } = await madeDraft(curator)
  expect([await seenCurated(ada, id), (await seenCurated(curator, id)).publication]).toEqual([
    null,
    'DRAFT',
  ])
  for (const [document, publication] of [
    [PUBLISH, 'PUBLISHED'],
    [RETIRE, 'RETIRED'],
    [PUBLISH, 'PUBLISHED'],
  ] as const) {
    const { curatedSet } = await answered(curator, document, { id })
    expect(curatedSet).toMatchObject({ id, publication })
    const ids = publication === 'PUBLISHED' ? [id] : []
    expect([(await seenCurated(ada, id))?.id].filter(Boolean)).toEqual(ids)
    const { data } = await gateway.post(DEFAULT)
    const nodes = ids.map((one) => ({ id: one }))
    expect(data).toEqual({ curatedSets: { totalCount: ids.length, nodes } })
  }
  expect((await written(gateway)).map(({ action }) => action)).toEqual([
    'create-curated-set',
    'publish-curated-set',
    'retire-curated-set',
    'publish-curated-set',
  ])
})

test('what is not published is listed for curators who ask for it, and for nobody else', async () => {
  const { writer, curator } = await testCurators()
  const ada = await writer('ada', { level: 4 })
  const [draft, published, retired] = [
    await madeDraft(curator),
    await madeDraft(curator),
    await madeDraft(curator),
  ]
  for (const { id } of [published, retired]) await answered(curator, PUBLISH, { id })
  await answered(curator, RETIRE, { id: retired.id })
  const all = [draft.id, published.id, retired.id]
  const cases = [
    [['DRAFT'], [draft.id]],
    [
      ['DRAFT', 'RETIRED'],
      [draft.id, retired.id],
    ],
    [['PUBLISHED'], [published.id]],
    [[], []],
    [null, all],
  ] as const
  for (const [of, ids] of cases) {
    const seen = async (who: typeof ada) =>
      (await who.act(LIST, { of })).data['curatedSets'].nodes.map(({ id }: { id: string }) => id)
    expect(await seen(curator)).toEqual(ids)
    expect(await seen(ada)).toEqual(ids.filter((id) => id === published.id))
  }
})

test('publishing what is published, and retiring what is retired, changes nothing', async () => {
  const { gateway, curator } = await testCurators()
  const { id } = await madeDraft(curator)
  for (const document of [PUBLISH, PUBLISH, RETIRE, RETIRE]) {
    await answered(curator, document, { id })
  }
  expect(await seenCurated(curator, id)).toMatchObject({ publication: 'RETIRED', version: 3 })
  expect(await written(gateway)).toHaveLength(3)
})

test('a draft is not retired', async () => {
  const { curator } = await testCurators()
  const { id } = await madeDraft(curator)
  expect(await answered(curator, RETIRE, { id })).toEqual({
    __typename: 'NotPublished',
    code: 'NOT_PUBLISHED',
  })
  expect(await seenCurated(curator, id)).toMatchObject({ publication: 'DRAFT', version: 1 })
})

test.each([
  ['publishCuratedSet', PUBLISH],
  ['retireCuratedSet', RETIRE],
])('%s of another version does nothing, and tells the present one', async (_name, document) => {
  const { curator } = await testCurators()
  const { id } = await madeDraft(curator)
  expect(await answered(curator, document, { id, version: 7 })).toEqual({
    __typename: 'VersionConflict',
    code: 'VERSION_CONFLICT',
    currentVersion: 1,
  })
})

test('a replay under one Idempotency-Key does not publish again what was retired meanwhile', async () => {
  const { curator } = await testCurators()
  const { id } = await madeDraft(curator)
  await answered(curator, PUBLISH, { id }, 'once')
  await answered(curator, RETIRE, { id }, 'another')
  await answered(curator, PUBLISH, { id }, 'once')
  expect(await seenCurated(curator, id)).toMatchObject({ publication: 'RETIRED', version: 3 })
})

test('a curated set is copied as long as it is published', async () => {
  const { writer, curator } = await testCurators()
  const ada = await writer('ada')
  const { id } = await madeDraft(curator, { unit: 'CM', measurements: { chest: 90 } })
  const copied = async () => (await answered(ada, CLONE, { of: id })).code ?? 'copied'
  expect(await copied()).toBe('NOT_FOUND')
  await answered(curator, PUBLISH, { id })
  expect(await copied()).toBe('copied')
  await answered(curator, RETIRE, { id })
  expect(await copied()).toBe('NOT_FOUND')
})
