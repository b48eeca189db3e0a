import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'

import { testWriters, type Writer } from '../../support/writers.ts'

const IMPORT = `mutation ($input: ImportMeasurementSetsInput!) { importMeasurementSets(input: $input) {
  __typename
  ... on ImportMeasurementSetsPayload {
    imported { position id }
    measurementSets(first: 100) { nodes { id name notes units public measurements } }
    skipped { path message } skippedMore ignored ignoredMore
    warnings { position code measurements } warningsMore
  }
  ... on Problem { code }
} }`

const PAIR = [
  { name: 'Ada', imperial: true, public: true, notes: 'thin', measies: { chest: 920, waist: 700 } },
  { name: 'Ben', units: 'metric', measurements: { chest: 1000 } },
]

async function imported(who: Writer, input: object, key?: string) {
  const answer = await who.act(IMPORT, { input }, key)
  return { ...answer, made: answer.data['importMeasurementSets'] }
}

const asText = { json: (value: unknown) => JSON.stringify(value), yaml: stringify }

describe.each(['json', 'yaml'] as const)('a file of %s', (format) => {
  test('in the reference’s shape becomes private sets, in its order and in millimetres', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const { made } = await imported(ada, {
      format: format.toUpperCase(),
      text: asText[format](PAIR),
    })
    const ids = made.imported.map(({ id }: { id: string }) => id)
    expect(made).toMatchObject({
      __typename: 'ImportMeasurementSetsPayload',
      imported: [{ position: 0 }, { position: 1 }],
      measurementSets: {
        nodes: [
          {
            id: ids[0],
            name: 'Ada',
            notes: 'thin',
            units: 'IMPERIAL',
            public: false,
            measurements: { chest: 920, waist: 700 },
          },
          {
            id: ids[1],
            name: 'Ben',
            units: 'METRIC',
            public: false,
            measurements: { chest: 1000 },
          },
        ],
      },
      skipped: [],
      skippedMore: 0,
      ignored: [],
      warningsMore: 0,
    })
  })

  test('in which something is wrong is refused as a whole, with all of it', async () => {
    const { gateway, writer } = await testWriters()
    const ada = await writer('ada')
    const sets = [
      { name: 'Ada', measurements: { chst: 920, waist: -1 } },
      PAIR[1],
      { measurements: {} },
    ]
    const { status, problems } = await imported(ada, {
      format: format.toUpperCase(),
      text: asText[format](sets),
    })
    expect(status).toBe(422)
    expect(problems).toMatchObject([
      {
        code: 'INPUT_INVALID',
        path: 'importMeasurementSets.input.text.0.measurements.chst',
        found: 'chst',
        message: expect.stringContaining('chest'),
      },
      { path: 'importMeasurementSets.input.text.0.measurements.waist', found: -1 },
      { path: 'importMeasurementSets.input.text.2.name' },
    ])
    const { rows } = await gateway.database.pool.query('select from measurement_set')
    expect(rows).toEqual([])
  })
})

test('a name that is none is told beside what is wrong with the file', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const text = JSON.stringify([{ measurements: { chst: 920 } }])
  for (const name of [' ', 'x'.repeat(201)]) {
    const { status, problems } = await imported(ada, { format: 'JSON', text, name })
    expect(status).toBe(422)
    expect(problems.map(({ path }: { path: string }) => path).toSorted()).toEqual([
      'importMeasurementSets.input.name',
      'importMeasurementSets.input.text.0.measurements.chst',
    ])
  }
  const { rows } = await gateway.database.pool.query('select from measurement_set')
  expect(rows).toEqual([])
})

test('sets that say nothing of units have those that the account prefers', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  await gateway.database.kysely.updateTable('account').set({ units: 'imperial' }).execute()
  const text = JSON.stringify([PAIR[0] ?? {}, PAIR[0] ?? {}].map(withoutUnits))
  await imported(ada, { format: 'JSON', text: text.replace(/}]$/, ',"units":"metric"}]') })
  const rows = await gateway.database.kysely
    .selectFrom('measurement_set')
    .select('units')
    .orderBy('id')
    .execute()
  expect(rows).toEqual([{ units: 'imperial' }, { units: 'metric' }])
})

test('sets with nothing wrong are made where the others are to be skipped, which are named', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const text = JSON.stringify([
    { name: 'x', measurements: { chst: 1 } },
    { ...PAIR[0], colour: 'red' },
  ])
  const { made } = await imported(ada, { format: 'JSON', text, onProblem: 'SKIP' })
  expect(made).toMatchObject({
    imported: [{ position: 1 }],
    skipped: [{ path: '0.measurements.chst', message: expect.stringContaining('chest') }],
    skippedMore: 0,
    ignored: ['1.colour'],
    ignoredMore: 0,
  })
  const none = await imported(ada, { format: 'JSON', text: '[{}]', onProblem: 'SKIP' })
  expect(none.status).toBe(422)
})

describe('a file of CSV', () => {
  const text = 'name,chest,shoulderSlope\nAda,36,13\nBen,"40,5",14\n'

  test('says in which unit it is', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    expect((await imported(ada, { format: 'CSV', text })).problems).toMatchObject([
      { path: 'importMeasurementSets.input.unit' },
    ])
    const { made } = await imported(ada, { format: 'CSV', text, unit: 'INCH' })
    expect(made.measurementSets.nodes).toMatchObject([
      { name: 'Ada', measurements: { chest: 914.4, shoulderSlope: 13 } },
      { name: 'Ben', measurements: { chest: 1028.7, shoulderSlope: 14 } },
    ])
  })
})

test('public sets stay public where that is asked for', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const text = JSON.stringify(PAIR)
  const { made } = await imported(ada, { format: 'JSON', text, keepPublic: true })
  const flags = made.measurementSets.nodes.map((set: { public: boolean }) => set.public)
  expect(flags).toEqual([true, false])
})

test('unlikely values are stored, and warned of with the position', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const measurements = { shoulderToWrist: 300, shoulderToElbow: 350 }
  const text = JSON.stringify([PAIR[0], { name: 'x', measurements }])
  const { made } = await imported(ada, { format: 'JSON', text })
  expect(made.warnings).toEqual([
    {
      position: 1,
      code: 'ELBOW_BELOW_WRIST',
      measurements: ['shoulderToWrist', 'shoulderToElbow'],
    },
  ])
})

test('the same request under one Idempotency-Key makes its sets once', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const input = { format: 'JSON', text: JSON.stringify(PAIR) }
  const answers = [await imported(ada, input, 'once'), await imported(ada, input, 'once')]
  expect(answers[1]?.made).toEqual(answers[0]?.made)
  const { rows } = await gateway.database.pool.query('select from measurement_set')
  expect(rows.length).toBe(2)
})

test('staff of level 6 imports for somebody else, nobody else does', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const account = (await ada.act('{ me { id } }', {})).data['me'].id
  const input = { account, format: 'JSON', text: JSON.stringify(PAIR) }
  const ben = await writer('ben')
  expect((await imported(ben, input)).made).toEqual({ __typename: 'NotFound', code: 'NOT_FOUND' })
  const staff = await writer('staff', { level: 6, role: 'bughunter' }, { role: 'bughunter' })
  expect((await imported(staff, input)).made.imported).toHaveLength(2)
  const { rows } = await gateway.database.pool.query(
    "select account_id, actor_id from audit where action = 'import-measurement-sets'",
  )
  expect(rows).toEqual([{ account_id: ada.accountId, actor_id: staff.accountId }])
})

test('what a file exports, another account imports: all 40 models, in one go', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const models = JSON.parse(readFileSync('db/seed/models.json', 'utf8')) as {
    name: string
    measurements: object
  }[]
  const text = JSON.stringify(models.map(({ name, measurements }) => ({ name, measurements })))
  const { made } = await imported(ada, { format: 'JSON', text })
  const key = await gateway.issueKey({ accountId: ada.accountId, level: 1 })
  const ben = await writer('ben')
  for (const [i, { id }] of (made.imported as { id: string }[]).entries()) {
    const format = (['json', 'yaml', 'csv'] as const)[i % 3] ?? 'json'
    const { body } = await gateway.send({
      path: `/measurement-sets/${id}.${format}`,
      headers: { authorization: `Bearer ${key}` },
    })
    const again = await imported(ben, {
      format: format.toUpperCase(),
      text: body,
      name: models[i]?.name,
      ...(format === 'csv' ? { unit: 'MM' } : {}),
    })
    expect(again.made.measurementSets.nodes[0]).toMatchObject({
      name: models[i]?.name,
      measurements: models[i]?.measurements,
    })
  }
})

function withoutUnits(set: object): object {
  const { units: _units, imperial: _imperial, ...rest } = set as Record<string, unknown>
  return rest
}
