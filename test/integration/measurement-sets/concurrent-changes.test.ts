import { describe, expect, test, vi } from 'vitest'
import { holdTables } from '../../support/held-tables.ts'
import { testWriters } from '../../support/writers.ts'
import { CLONE, CREATE, DELETE, PUBLISH, UPDATE } from './documents.ts'
import { answered, madeSet, seenSet } from './sets.ts'
import { PATIENTLY } from '../../support/patiently.ts'

/** So often two race each other: either may win. */
const ROUNDS = 12
const NO_SUCH_SET = 'This names no set of the account.'

async function alone() {
  const { gateway, writer } = await testWriters()
  return { gateway, writer: await writer('ada') }
}

const rounds = Array.from({ length: ROUNDS }, (_, round) => round)

describe('of writers at once', () => {
  test('one changes the version that all have read, and the others are told of the next', async () => {
    const { writer } = await alone()
    const { id } = await madeSet(writer)
    const names = ['chest', 'waist', 'hips', 'neck', 'head', 'knee']
    const answers = await Promise.all(
      names.map((name) =>
        answered(writer, UPDATE, { id, version: 1, unit: 'MM', measurements: { [name]: 500 } }),
      ),
    )
    const won = answers.findIndex(({ measurementSet }) => measurementSet !== undefined)
    const conflict = { __typename: 'VersionConflict', code: 'VERSION_CONFLICT', currentVersion: 2 }
    expect(answers.filter((_, i) => i !== won)).toEqual(names.slice(1).map(() => conflict))
    expect(await seenSet(writer, id)).toMatchObject({
      version: 2,
      measurements: { [names[won] ?? '']: 50 },
    })
  })

  test('who read again until it worked has lost nothing', async () => {
    const { writer } = await alone()
    const { id } = await madeSet(writer)
    const names = ['chest', 'waist', 'hips', 'neck']
    const add = async (name: string): Promise<void> => {
      const { version } = await seenSet(writer, id)
      const input = { id, version, unit: 'CM', measurements: { [name]: 50 } }
      const { currentVersion } = await answered(writer, UPDATE, input)
      if (currentVersion !== undefined) await add(name)
    }
    await Promise.all(names.map(add))
    expect(await seenSet(writer, id)).toMatchObject({
      version: 5,
      measurements: Object.fromEntries(names.map((name) => [name, 50])),
    })
  })

  test('one publishes and one renames, and both have happened or one was told to read again', async () => {
    const { writer } = await alone()
    for (const round of rounds) {
      const { id } = await madeSet(writer)
      const [renamed] = await Promise.all([
        answered(writer, UPDATE, { id, version: 1, name: `name ${round}` }),
        answered(writer, PUBLISH, { id }),
      ])
      const isRenamed = renamed.measurementSet !== undefined
      expect(await seenSet(writer, id)).toMatchObject({
        public: true,
        name: isRenamed ? `name ${round}` : 'Ada',
        version: isRenamed ? 3 : 2,
      })
    }
  })
})

describe('base sets that change at once', () => {
  test('never come round to themselves', async () => {
    const { writer } = await alone()
    for (const _ of rounds) {
      const [one, two] = [await madeSet(writer), await madeSet(writer)]
      const answers = await Promise.all([
        writer.act(UPDATE, { input: { id: one.id, version: 1, baseSet: two.id } }),
        writer.act(UPDATE, { input: { id: two.id, version: 1, baseSet: one.id } }),
      ])
      const refused = answers.filter(({ status }) => status === 422)
      expect(refused.map(({ problems }) => problems)).toMatchObject([
        [
          {
            path: 'updateMeasurementSet.input.baseSet',
            message: expect.stringContaining('itself'),
          },
        ],
      ])
    }
  })

  test('never stand more than three one behind the other', async () => {
    const { writer } = await alone()
    for (const _ of rounds) {
      const [top, middle, low] = [
        await madeSet(writer),
        await madeSet(writer),
        await madeSet(writer),
      ]
      const above = await madeSet(writer, { baseSet: (await madeSet(writer)).id })
      await answered(writer, UPDATE, { id: low.id, version: 1, baseSet: middle.id })
      const answers = await Promise.all([
        writer.act(UPDATE, { input: { id: middle.id, version: 1, baseSet: above.id } }),
        writer.act(UPDATE, { input: { id: top.id, version: 1, baseSet: low.id } }),
      ])
      expect(answers.filter(({ status }) => status === 422)).toHaveLength(1)
    }
  })
})

describe('a set that is deleted while another is', () => {
  test('made upon it either stays, or was gone for the other', async () => {
    const { writer } = await alone()
    for (const _ of rounds) {
      const { id } = await madeSet(writer)
      const [deleted, created] = await Promise.all([
        answered(writer, DELETE, { id }),
        writer.act(CREATE, { input: { name: 'upon it', baseSet: id } }),
      ])
      const made = created.data['createMeasurementSet']?.measurementSet
      const outcome = [deleted, await seenSet(writer, id), made?.baseSet, created.problems]
      expect(outcome).toMatchObject(
        made === undefined
          ? [{ detachedCount: 0 }, null, undefined, [{ message: NO_SUCH_SET }]]
          : [{ code: 'SET_IN_USE', dependents: [made.id] }, { id }, { id }, []],
      )
    }
  })

  test('based upon it loses nothing that it had from there', async () => {
    const { writer } = await alone()
    for (const _ of rounds) {
      const { id } = await madeSet(writer, { unit: 'CM', measurements: { chest: 92 } })
      const other = await madeSet(writer)
      const [, based] = await Promise.all([
        answered(writer, DELETE, { id, dependents: 'DETACH' }),
        writer.act(UPDATE, { input: { id: other.id, version: 1, baseSet: id } }),
      ])
      expect(await seenSet(writer, id)).toBeNull()
      const { baseSet, measurements } = await seenSet(writer, other.id)
      expect(baseSet).toBeNull()
      expect(measurements).toEqual(based.status === 200 ? { chest: 92 } : {})
    }
  })
})

test('a set that is being copied stays based on what it is based on until all is read', async () => {
  const { gateway, writer } = await testWriters()
  const { database } = gateway
  const ada = await writer('ada')
  const staff = await writer('staff', { level: 5, role: 'curator' }, { role: 'curator' })
  const base = await madeSet(ada, { unit: 'CM', measurements: { chest: 92 } })
  const { id } = await madeSet(ada, { baseSet: base.id })
  // It waits here between reading the set and reading what that is based on: the owner's log is told first.
  const release = await holdTables(database, 'audit')
  const copying = answered(staff, CLONE, { of: id })
  await vi.waitFor(async () => {
    const { rows } = await database.pool.query(
      'select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
    )
    expect(rows).toHaveLength(1)
  }, PATIENTLY)
  const detach = `set local lock_timeout = '300ms'; update measurement_set set base_set_id = null`
  await expect(database.pool.query(`begin; ${detach}; commit`)).rejects.toThrow('lock timeout')
  await release()
  expect((await copying).measurementSet.measurements).toEqual({ chest: 92 })
})

test('deleted twice at once, a set is deleted once', async () => {
  const { writer } = await alone()
  const { id } = await madeSet(writer)
  const answers = await Promise.all([1, 2, 3].map(() => answered(writer, DELETE, { id })))
  const done = answers.filter((answer) => answer.detachedCount === 0)
  expect(done).toHaveLength(1)
  expect(answers.filter(({ code }) => code === 'NOT_FOUND')).toHaveLength(2)
})
