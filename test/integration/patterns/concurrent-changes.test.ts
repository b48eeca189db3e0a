import { describe, expect, test } from 'vitest'
import { crossed } from '../../support/crossed.ts'
import { testWriters } from '../../support/writers.ts'
import { answered, madeSet, written } from '../measurement-sets/sets.ts'
import { DELETE, PUBLISH, REFRESH, UNPUBLISH, UPDATE } from './documents.ts'
import { madePattern, seenPattern } from './patterns.ts'

const CONFLICT = { __typename: 'VersionConflict', code: 'VERSION_CONFLICT', currentVersion: 2 }

const OWN = { settings: { sa: 5, measurements: { waist: 650 } } }

/** What each act makes of a private pattern whose settings are empty and whose set has a waist of 700 mm. */
const ACTS = {
  update: [UPDATE, OWN, OWN],
  refresh: [REFRESH, {}, { settings: { sa: 10, measurements: { waist: 700 } } }],
  publish: [PUBLISH, {}, { public: true }],
} as const

type Act = keyof typeof ACTS

async function both(first: Act, second: Act) {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const set = await madeSet(ada, { unit: 'MM', measurements: { waist: 700 } })
  const made = await madePattern(ada, {
    measurementSet: set.id,
    settings: { sa: 10, measurements: { waist: 600 } },
  })
  const { id } = made
  const act = (name: Act) => answered(ada, ACTS[name][0], { id, version: 1, ...ACTS[name][1] })
  const outcomes = await crossed(
    gateway.database,
    () => act(first),
    () => act(second),
  )
  return { outcomes, made, ada, told: (await written(gateway)).slice(2) }
}

describe('of two who have read the same version of a pattern', () => {
  test.each([
    ['update', 'update'],
    ['update', 'refresh'],
    ['refresh', 'update'],
    ['refresh', 'refresh'],
    ['update', 'publish'],
    ['publish', 'update'],
    ['publish', 'refresh'],
  ] as const)(
    'the first has its %s, and the %s of the other is a conflict',
    async (first, second) => {
      const { outcomes, made, ada, told } = await both(first, second)
      const changed = { ...made, ...ACTS[first][2], version: 2 }
      expect(outcomes).toMatchObject([{ pattern: changed }, CONFLICT])
      expect(await seenPattern(ada, made.id)).toEqual(changed)
      expect(told).toHaveLength(1)
    },
  )

  test.each([UPDATE, PUBLISH, REFRESH])(
    'one deletes it, and for the other it is not there: %#',
    async (document) => {
      const { gateway, writer } = await testWriters()
      const ada = await writer('ada')
      const set = await madeSet(ada)
      const { id } = await madePattern(ada, { measurementSet: set.id })
      const outcomes = await crossed(
        gateway.database,
        () => answered(ada, DELETE, { id, version: 1 }),
        () => answered(ada, document, { id, version: 1 }),
      )
      expect(outcomes).toEqual([{ id }, { __typename: 'NotFound', code: 'NOT_FOUND' }])
      expect(await seenPattern(ada, id)).toBeNull()
    },
  )
})

test('of two who publish a pattern at once, whatever they have read, one does', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const { id } = await madePattern(ada)
  for (const [document, isPublic, version] of [
    [PUBLISH, true, 2],
    [UNPUBLISH, false, 3],
  ] as const) {
    const before = await written(gateway)
    const outcomes = await crossed(
      gateway.database,
      () => answered(ada, document, { id }),
      () => answered(ada, document, { id }),
    )
    const seen = { pattern: { public: isPublic, version } }
    expect(outcomes).toMatchObject([seen, seen])
    expect(await written(gateway)).toHaveLength(before.length + 1)
  }
})
