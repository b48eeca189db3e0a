import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { sealSet } from '../../../src/community/measurement-sets/sealed-set.ts'
import { formatId } from '../../../src/ids.ts'
import type { TestGateway } from '../../support/gateway.ts'
import { AMPLE_ROWS, policiesWith } from '../../support/policies.ts'
import { testWriters } from '../../support/writers.ts'
import { CLONE, CREATE, DELETE, PUBLISH, UNPUBLISH, UPDATE } from './documents.ts'
import { answered, madeSet, storedSets, written } from './sets.ts'

/** Every act that names a set, and its input. */
const ON_A_SET = {
  updateMeasurementSet: [UPDATE, (id: string) => ({ id, version: 1, name: 'renamed' })],
  cloneMeasurementSet: [CLONE, (of: string) => ({ of })],
  deleteMeasurementSet: [DELETE, (id: string) => ({ id })],
  publishMeasurementSet: [PUBLISH, (id: string) => ({ id })],
  unpublishMeasurementSet: [UNPUBLISH, (id: string) => ({ id })],
} as const
const ACTS = { createMeasurementSet: [CREATE, () => ({ name: 'new' })], ...ON_A_SET } as const

describe.each(Object.entries(ACTS))('%s', (_name, [document, inputOf]) => {
  test('needs level 3: below, nothing happens', async () => {
    const { gateway, writer } = await testWriters()
    const ada = await writer('ada')
    const { id } = await madeSet(ada)
    const before = [await storedSets(gateway), await written(gateway)]
    const { accountId } = ada
    const weak = await gateway.issueKey({ accountId, level: 2 })
    const refused = await gateway.post(document, weak, { input: inputOf(id) })
    expect(refused).toMatchObject({ status: 403, codes: ['LEVEL_TOO_LOW'] })
    expect([await storedSets(gateway), await written(gateway)]).toEqual(before)
    const strong = await gateway.issueKey({ accountId, level: 3 })
    const done = await gateway.post(document, strong, { input: inputOf(id) })
    expect(done).toMatchObject({ status: 200, codes: [] })
  })

  test('does nothing once the quota is spent', async () => {
    const { gateway, writer } = await testWriters({
      policies: policiesWith({ ...AMPLE_ROWS, day: { capacity: 1000 } }),
    })
    const ada = await writer('ada')
    await spend(gateway, ada.accountId, 995)
    const id = await insertedSet(gateway, ada.accountId)
    const before = [await storedSets(gateway), await written(gateway)]
    const { status, codes } = await ada.act(document, { input: inputOf(id) })
    expect([status, codes]).toEqual([429, ['QUOTA_EXCEEDED']])
    expect([await storedSets(gateway), await written(gateway)]).toEqual(before)
  })

  test('happens once under one Idempotency-Key, and is answered alike again', async () => {
    const { gateway, writer } = await testWriters()
    const ada = await writer('ada')
    const { id } = await madeSet(ada)
    const first = await ada.act(document, { input: inputOf(id) }, 'once')
    expect(first.status).toBe(200)
    const after = [await storedSets(gateway), await written(gateway)]
    expect(await ada.act(document, { input: inputOf(id) }, 'once')).toEqual(first)
    expect([await storedSets(gateway), await written(gateway)]).toEqual(after)
  })

  test('is refused under an Idempotency-Key that stood for something else', async () => {
    const { gateway, writer } = await testWriters()
    const ada = await writer('ada')
    const [one, two] = [await madeSet(ada), await madeSet(ada)]
    await ada.act(document, { input: inputOf(one.id) }, 'once')
    const before = await storedSets(gateway)
    const other = { ...inputOf(two.id), ...(document === CREATE ? { name: 'other' } : {}) }
    const refused = await ada.act(document, { input: other }, 'once')
    expect([refused.status, refused.codes]).toEqual([422, ['INPUT_INVALID']])
    expect(await storedSets(gateway)).toEqual(before)
  })
})

/** So many points of the account's day are gone. */
async function spend({ database }: TestGateway, accountId: string, points: number) {
  await database.pool.query(
    "insert into quota_budget (partition, subject, drawn, at) values ('day', $1, $2, clock_timestamp())",
    [accountId, points],
  )
}

/** The id of a set that no request has made. */
async function insertedSet({ database, vault }: TestGateway, owner: string): Promise<string> {
  const id = v7()
  const content = { name: 'Ada', notes: null, image: null, measurements: {} }
  const dated = { created_at: new Date(), updated_at: new Date() }
  await database.kysely
    .insertInto('measurement_set')
    .values({ id, account_id: owner, ...sealSet(vault, { row: id, owner }, content), ...dated })
    .execute()
  return formatId('set', id)
}

test.each(Object.entries(ON_A_SET))(
  '%s answers alike for another’s set and for one that is not there',
  async (_name, [document, inputOf]) => {
    const { gateway, writer } = await testWriters()
    const [ada, ben] = [await writer('ada'), await writer('ben')]
    const { id } = await madeSet(ada)
    const before = [await storedSets(gateway), await written(gateway)]
    const foreign = await ben.act(document, { input: inputOf(id) })
    expect(Object.values(foreign.data)).toMatchObject([{ code: 'NOT_FOUND' }])
    for (const missing of [formatId('set', ada.accountId), 'set_x', 'x', '']) {
      expect(await ben.act(document, { input: inputOf(missing) })).toEqual(foreign)
    }
    expect([await storedSets(gateway), await written(gateway)]).toEqual(before)
  },
)

test('no log line and no entry of an access log holds a value, a name, notes or a picture', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const name = 'canary-of-a-name'
  const notes = 'canary-of-notes'
  const image = 'https://canary-of-a-picture.example/'
  const content = { name, notes, image, unit: 'MM', measurements: { chest: 917.531 } }
  const { id } = await madeSet(ada, content)
  const heir = await madeSet(ada, { ...content, baseSet: id })
  const change = { id, version: 1, ...content, measurements: { chest: 918.642 } }
  await answered(ada, UPDATE, change)
  await answered(ada, CLONE, { of: heir.id, name })
  await ada.act(UPDATE, { input: { ...change, measurements: { canaryOfAName: 917.531 } } })
  const { pool } = gateway.database
  for (const breaking of [
    'alter table audit rename to elsewhere',
    'alter table measurement_set add constraint small check (version < 2) not valid',
    'alter table measurement_set rename column body to elsewhere',
  ]) {
    await pool.query(breaking)
    for (const [document, inputOf] of Object.values(ACTS)) {
      await ada.act(document, { input: { ...content, ...inputOf(heir.id) } })
    }
    await ada.act(UPDATE, { input: { ...change, version: 2 } })
    if (breaking.includes('audit')) await pool.query('alter table elsewhere rename to audit')
  }
  expect(gateway.logged.length).toBeGreaterThan(6)
  const { rows } = await pool.query('select to_jsonb(a)::text as entry from audit a')
  const lines = [...gateway.logged, ...rows.map(({ entry }) => entry)].join('\n')
  for (const canary of ['canary', '917.5', '918.6', '917531', '91.7']) {
    expect(lines).not.toContain(canary)
  }
})
