import { readFileSync } from 'node:fs'
import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { formatId } from '../../../src/ids.ts'
import { AMPLE_ROWS, policiesWith } from '../../support/policies.ts'
import { testWriters, type Writer } from '../../support/writers.ts'
import { answered, storedSets, written } from './sets.ts'

const IMPORT = `mutation ($input: ImportMeasurementSetsInput!) { importMeasurementSets(input: $input) {
  __typename
  ... on ImportMeasurementSetsPayload {
    imported { id }
    measurementSets(first: 100) { nodes { name notes image units public measurements } }
    ignored
  }
  ... on Problem { code }
} }`

const FILE = { format: 'JSON', text: '{"name":"Ada","measurements":{"chest":920}}' }

/** Somebody, and all that an import could change. */
async function alone(options: Parameters<typeof testWriters>[0] = {}) {
  const { gateway, writer } = await testWriters(options)
  const state = async () => [await storedSets(gateway), await written(gateway)]
  return { gateway, writer, state, ada: await writer('ada') }
}

describe('an import', () => {
  test('needs level 3: below, nothing happens', async () => {
    const { gateway, state, ada } = await alone()
    const { accountId } = ada
    const before = await state()
    const weak = await gateway.issueKey({ accountId, level: 2 })
    const refused = await gateway.post(IMPORT, weak, { input: FILE })
    expect(refused).toMatchObject({ status: 403, codes: ['LEVEL_TOO_LOW'] })
    expect(await state()).toEqual(before)
    const strong = await gateway.issueKey({ accountId, level: 3 })
    const done = await gateway.post(IMPORT, strong, { input: FILE })
    expect(done).toMatchObject({ status: 200, codes: [] })
    expect(await storedSets(gateway)).toHaveLength(1)
  })

  test('does nothing once the quota is spent', async () => {
    const policies = policiesWith({ ...AMPLE_ROWS, day: { capacity: 1_000 } })
    const { gateway, state, ada } = await alone({ policies })
    await gateway.database.pool.query(
      "insert into quota_budget (partition, subject, drawn, at) values ('day', $1, 995, clock_timestamp())",
      [ada.accountId],
    )
    const before = await state()
    const { status, codes } = await ada.act(IMPORT, { input: FILE })
    expect([status, codes]).toEqual([429, ['QUOTA_EXCEEDED']])
    expect(await state()).toEqual(before)
  })

  test.each([
    ['another file', { text: FILE.text.replace('Ada', 'Eve') }],
    ['another unit', { unit: 'CM' }],
    ['another say in what becomes public', { keepPublic: true }],
    ['another scale', { scale: 'DOLL' }],
    ['another way with problems', { onProblem: 'SKIP' }],
  ])('is refused under an Idempotency-Key that stood for %s', async (_what, over) => {
    const { state, ada } = await alone()
    await ada.act(IMPORT, { input: { ...FILE, ...over } }, 'once')
    const before = await state()
    const { status, codes } = await ada.act(IMPORT, { input: FILE }, 'once')
    expect([status, codes]).toEqual([422, ['INPUT_INVALID']])
    expect(await state()).toEqual(before)
  })

  test('answers alike for an account that is another’s and for none', async () => {
    const { writer, state, ada } = await alone()
    const ben = await writer('ben')
    const before = await state()
    const into = (account: string) => ben.act(IMPORT, { input: { ...FILE, account } })
    const foreign = await into(formatId('acc', ada.accountId))
    expect(foreign).toMatchObject({ status: 200, data: NOTHING_THERE })
    for (const missing of [formatId('acc', v7()), formatId('set', ada.accountId), 'acc_x', '']) {
      expect(await into(missing)).toEqual(foreign)
    }
    expect(await state()).toEqual(before)
  })

  test('of staff answers alike for an account without consent and for none', async () => {
    const { writer, state } = await alone()
    const staff = await writer('staff', { level: 6, role: 'bughunter' }, { role: 'bughunter' })
    const shy = await writer('shy', {}, { consent: 'account' })
    const before = await state()
    const into = (account: string) => staff.act(IMPORT, { input: { ...FILE, account } })
    const closed = await into(formatId('acc', shy.accountId))
    expect(closed).toMatchObject({ status: 200, data: NOTHING_THERE })
    for (const missing of [formatId('acc', v7()), 'acc_x']) {
      expect(await into(missing)).toEqual(closed)
    }
    expect(await state()).toEqual(before)
  })

  test('makes nothing where the owner has withdrawn consent since the request came in', async () => {
    const { gateway, state, ada } = await alone()
    const { kysely } = gateway.database
    await kysely.updateTable('account').set({ consent: 'account' }).execute()
    const before = await state()
    expect((await ada.act(IMPORT, { input: FILE })).data).toEqual(NOTHING_THERE)
    expect(await state()).toEqual(before)
  })
})

const NOTHING_THERE = { importMeasurementSets: { __typename: 'NotFound', code: 'NOT_FOUND' } }

test.each(['json', 'yaml'] as const)(
  'all that a file of %s says of a set, another account has after the import: of all 40 models',
  async (format) => {
    const { gateway, writer, ada } = await alone()
    const text = JSON.stringify(models())
    const made = await answered(ada, IMPORT, { format: 'JSON', text, keepPublic: true })
    const sets = made.measurementSets.nodes
    expect(sets).toMatchObject(
      models().map(({ units, ...rest }) => ({ ...rest, units: units.toUpperCase() })),
    )
    const key = await gateway.issueKey({ accountId: ada.accountId, level: 1 })
    const headers = { authorization: `Bearer ${key}` }
    const ben = await writer('ben')
    for (const [i, { id }] of (made.imported as readonly { id: string }[]).entries()) {
      const { body } = await gateway.send({ path: `/measurement-sets/${id}.${format}`, headers })
      expect(await importedBy(ben, { format: format.toUpperCase(), text: body })).toEqual({
        nodes: [{ ...sets[i], public: false }],
        ignored: [],
      })
    }
  },
)

async function importedBy(who: Writer, input: object) {
  const { measurementSets, ignored } = await answered(who, IMPORT, input)
  return { nodes: measurementSets.nodes, ignored }
}

/** The models, every other one imperial, with notes, with a picture and public. */
function models() {
  const known = JSON.parse(readFileSync('db/seed/models.json', 'utf8')) as readonly {
    readonly name: string
    readonly measurements: object
  }[]
  return known.map(({ name, measurements }, i) => ({
    name,
    measurements,
    units: i % 2 === 0 ? 'metric' : 'imperial',
    notes: i % 4 < 2 ? `- one: "two"\n# ${i}\n` : null,
    image: i % 8 < 4 ? `https://example.org/${i}.png` : null,
    public: i % 16 < 8,
  }))
}
