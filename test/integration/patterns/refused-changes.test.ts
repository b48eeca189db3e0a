import { expect, test } from 'vitest'
import { describeActs, settled, type TestAct } from '../../support/describe-acts.ts'
import { answered, refusals, written } from '../measurement-sets/sets.ts'
import { CLONE, CREATE, DELETE, PUBLISH, REFRESH, UNPUBLISH, UPDATE } from './documents.ts'
import { madePattern } from './patterns.ts'

const ON_A_PATTERN = {
  updatePattern: {
    document: UPDATE,
    input: ({ privatePattern: id }) => ({ id, version: 1, name: 'renamed' }),
    other: ({ privatePattern: id }) => ({ id, version: 1, name: 'renamed again' }),
    names: 'id',
  },
  deletePattern: {
    document: DELETE,
    input: ({ privatePattern: id }) => ({ id }),
    other: ({ publicPattern: id }) => ({ id }),
    names: 'id',
  },
  publishPattern: {
    document: PUBLISH,
    input: ({ privatePattern: id }) => ({ id }),
    other: ({ publicPattern: id }) => ({ id }),
    names: 'id',
  },
  unpublishPattern: {
    document: UNPUBLISH,
    input: ({ publicPattern: id }) => ({ id }),
    other: ({ privatePattern: id }) => ({ id }),
    names: 'id',
  },
  refreshPatternMeasurements: {
    document: REFRESH,
    input: ({ privatePattern: id }) => ({ id, version: 1 }),
    other: ({ privatePattern: id }) => ({ id, version: 2 }),
    names: 'id',
  },
} as const satisfies Readonly<Record<string, TestAct>>

const ACTS: Readonly<Record<string, TestAct>> = {
  createPattern: {
    document: CREATE,
    input: ({ privateSet }) => ({ design: 'aaron', name: 'new', measurementSet: privateSet }),
    other: ({ privateSet }) => ({ design: 'brian', name: 'new', measurementSet: privateSet }),
    names: null,
  },
  clonePattern: {
    document: CLONE,
    input: ({ privatePattern: of }) => ({ of }),
    other: ({ publicPattern: of }) => ({ of }),
    names: 'of',
  },
  ...ON_A_PATTERN,
}

describeActs(ACTS, 'pattern')

test.each(Object.entries(ON_A_PATTERN))(
  '%s changes what is another’s from level 6, and the owner’s log tells of it',
  async (_name, { document, input }) => {
    const { gateway, writer, ada, own } = await settled()
    const reader = await writer('reader', { level: 5, role: 'support' }, { role: 'support' })
    const staff = await writer('staff', { level: 6, role: 'bughunter' }, { role: 'bughunter' })
    const before = await written(gateway)
    expect(await answered(reader, document, input(own))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await written(gateway)).toEqual(before)
    expect(await answered(staff, document, input(own))).not.toHaveProperty('code')
    const told = (await written(gateway)).slice(before.length)
    expect(told.length).toBeGreaterThan(0)
    for (const entry of told) {
      expect(entry).toMatchObject({ owner: ada.accountId, actor: staff.accountId })
    }
    expect(told.at(-1)).toMatchObject({ subject: input(own).id })
  },
)

test('staff changes nothing where measurements may not be processed', async () => {
  const { gateway, writer, ada, own } = await settled()
  const staff = await writer('staff', { level: 6, role: 'bughunter' }, { role: 'bughunter' })
  const { kysely } = gateway.database
  const withdrawn = kysely.updateTable('account').set({ consent: 'account' })
  await withdrawn.where('id', '=', ada.accountId).execute()
  for (const { document, input } of Object.values(ON_A_PATTERN)) {
    expect(await answered(staff, document, input(own))).toMatchObject({ code: 'NOT_FOUND' })
  }
})

test('no log line and no entry of an access log holds anything that a pattern is made of', async () => {
  const { gateway, ada } = await settled()
  const content = {
    name: 'canary-of-a-name',
    notes: 'canary-of-notes',
    image: 'https://canary-of-a-picture.example/',
    settings: { canaryOfSettings: 917.531, measurements: { chest: 918.642 } },
    data: { canaryOfData: true },
  }
  const { id } = await madePattern(ada, content)
  await answered(ada, UPDATE, { id, version: 1, ...content })
  const wrong = { ...content, settings: { measurements: { canary: 'canary', chest: 91_753.1 } } }
  expect(await refusals(ada, UPDATE, { id, version: 2, ...wrong })).toHaveLength(2)
  const { pool } = gateway.database
  await pool.query('alter table pattern rename column body to elsewhere')
  // It would be gone for those after it.
  const { deletePattern: _, ...others } = ACTS
  for (const { document, input } of Object.values(others)) {
    const own = { privatePattern: id, publicPattern: id } as Parameters<typeof input>[0]
    await ada.act(document, { input: { ...input(own), ...(document === UPDATE ? content : {}) } })
  }
  expect(gateway.logged.length).toBeGreaterThan(3)
  const { rows } = await pool.query('select to_jsonb(a)::text as entry from audit a')
  const lines = [...gateway.logged, ...rows.map(({ entry }) => entry)].join('\n')
  for (const canary of ['canary', '917.5', '918.6', '91753']) expect(lines).not.toContain(canary)
})
