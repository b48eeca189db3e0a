import { describe, expect, test } from 'vitest'
import { outbox } from '../../support/act-client.ts'
import { crossed } from '../../support/crossed.ts'
import { madeSet } from '../measurement-sets/sets.ts'
import {
  answered,
  curatorNamed,
  EN,
  madeDraft,
  seenCurated,
  storedCurated,
  testCurators,
  written,
} from './curators.ts'
import { ACCEPT, DECLINE, PUBLISH, RETIRE, SUGGEST, UPDATE } from './documents.ts'

/** What each act makes of a set that has been published. */
const ACTS = {
  update: [UPDATE, { names: EN('Other') }, { name: 'Other', nameDe: 'Other' }],
  retire: [RETIRE, {}, { publication: 'RETIRED' }],
} as const

describe('of two curators who have read the same version of a set', () => {
  test.each([
    ['update', 'update'],
    ['update', 'retire'],
    ['retire', 'update'],
  ] as const)('the first has the %s, and the %s of the other is a conflict', async (...acts) => {
    const curators = await testCurators()
    const { gateway, curator } = curators
    const other = await curatorNamed(curators, 'other')
    const { id } = await madeDraft(curator)
    const { curatedSet } = await answered(curator, PUBLISH, { id })
    const [[first, changes, made], [second, others]] = [ACTS[acts[0]], ACTS[acts[1]]]
    const told = await written(gateway)
    const outcomes = await crossed(
      gateway.database,
      () => answered(curator, first, { id, version: 2, ...changes }),
      () => answered(other, second, { id, version: 2, ...others }),
    )
    const changed = { ...curatedSet, ...made, version: 3 }
    expect(outcomes).toMatchObject([
      { curatedSet: changed },
      { code: 'VERSION_CONFLICT', currentVersion: 3 },
    ])
    expect(await seenCurated(curator, id)).toEqual(changed)
    expect(await written(gateway)).toHaveLength(told.length + 1)
  })

  test('a draft that one has changed is not published by the other, who has not seen the change', async () => {
    const curators = await testCurators()
    const { gateway, curator } = curators
    const other = await curatorNamed(curators, 'other')
    const { id } = await madeDraft(curator)
    const [changed, published] = await crossed(
      gateway.database,
      () => answered(curator, UPDATE, { id, version: 1, unit: 'CM', measurements: { chest: 90 } }),
      () => answered(other, PUBLISH, { id, version: 1 }),
    )
    expect(published).toMatchObject({ code: 'VERSION_CONFLICT', currentVersion: 2 })
    expect(changed.curatedSet).toMatchObject({ publication: 'DRAFT', version: 2 })
    expect(await seenCurated(other, id)).toEqual(changed.curatedSet)
  })
})

test('who publishes without saying what was read publishes what the other has just changed', async () => {
  const { gateway, curator } = await testCurators()
  const { id } = await madeDraft(curator)
  const [, { curatedSet }] = await crossed(
    gateway.database,
    () => answered(curator, UPDATE, { id, version: 1, names: EN('Other') }),
    () => answered(curator, PUBLISH, { id }),
  )
  expect(curatedSet).toMatchObject({ name: 'Other', publication: 'PUBLISHED', version: 3 })
})

describe('a suggestion that two curators decide on at once', () => {
  test.each([
    ['SUGGESTION_DECIDED', {}],
    ['VERSION_CONFLICT', { version: 1 }],
  ])('is accepted once, and the other is told: %s', async (code, read) => {
    const curators = await testCurators()
    const { gateway, writer, curator } = curators
    const ada = await writer('ada')
    const { id: set } = await madeSet(ada)
    const { id } = (await answered(ada, SUGGEST, { set })).suggestion
    const other = await curatorNamed(curators, 'other')
    const outcomes = await crossed(
      gateway.database,
      () => answered(curator, ACCEPT, { id, version: 1 }),
      () => answered(other, DECLINE, { id, reason: 'One is like it.', ...read }),
    )
    expect(outcomes).toMatchObject([{ suggestion: { state: 'ACCEPTED', reason: null } }, { code }])
    expect(await storedCurated(gateway)).toHaveLength(1)
    expect(await outbox(gateway)).toHaveLength(1)
  })
})
