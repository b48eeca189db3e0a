import { describe, expect, test } from 'vitest'

import { testWriters, type Writer } from '../../support/writers.ts'
import { CREATE, READ } from './documents.ts'

async function made(writer: Writer, input: object = {}) {
  const { data } = await writer.act(CREATE, { input: { name: 'Ada', ...input } })
  return data['createMeasurementSet'].measurementSet
}

test('a set is made private, with values in the unit that was sent', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const { status, data } = await ada.act(CREATE, {
    input: {
      name: ' Ada, summer ',
      notes: '**thin**',
      image: 'https://example.org/a.png',
      units: 'IMPERIAL',
      unit: 'INCH',
      measurements: { chest: 36, shoulderSlope: 13.5 },
    },
  })
  expect(status).toBe(200)
  expect(data['createMeasurementSet']).toMatchObject({
    measurementSet: {
      id: expect.stringMatching(/^set_/),
      name: 'Ada, summer',
      notes: '**thin**',
      image: 'https://example.org/a.png',
      units: 'IMPERIAL',
      public: false,
      version: 1,
      measurements: { chest: 91.44, shoulderSlope: 13.5 },
      baseSet: null,
    },
    warnings: [],
  })
})

test('everything that is wrong is told at once, each at its place, and nothing is stored', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const input = {
    name: ' ',
    notes: 'x'.repeat(16_001),
    image: 'http://example.org',
    baseSet: 'set_x',
    measurements: { chest: 0, hips: 10_001, chst: 900, shoulderSlope: 91, waist: '80', neck: null },
  }
  const { status, problems } = await ada.act(CREATE, { input })
  expect(status).toBe(422)
  expect(problems.map(({ path }) => path.replace('createMeasurementSet.input.', ''))).toEqual([
    'name',
    'notes',
    'image',
    'baseSet',
    'unit',
    'measurements.chest',
    'measurements.hips',
    'measurements.chst',
    'measurements.shoulderSlope',
    'measurements.waist',
  ])
  expect(problems).toContainEqual({
    code: 'INPUT_INVALID',
    path: 'createMeasurementSet.input.measurements.chst',
    found: 900,
    message: 'There is no such measurement. Did you mean chest?',
  })
  const { rows } = await gateway.database.pool.query('select from measurement_set')
  expect(rows).toEqual([])
})

test.each([
  ['names that nobody knows', { measurements: JSON.parse('{"__proto__": 1, "constructor": 2}') }],
  ['more names than there are', { measurements: manyNames() }],
])('%s are refused', async (_, input) => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const { status, problems } = await ada.act(CREATE, {
    input: { name: 'x', unit: 'MM', ...input },
  })
  expect(status).toBe(422)
  expect(problems.length).toBeGreaterThan(0)
})

function manyNames(): Record<string, number> {
  return Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`n${i}`, 1]))
}

describe('a set with a base set', () => {
  test('holds what differs, and has the rest of the other', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const base = await made(ada, { unit: 'CM', measurements: { chest: 92, waist: 70 } })
    const set = await made(ada, { baseSet: base.id, unit: 'CM', measurements: { chest: 96 } })
    expect(set).toMatchObject({
      baseSet: { id: base.id },
      measurements: { chest: 96, waist: 70 },
      measurementList: [
        { name: 'chest', inherited: false },
        { name: 'waist', inherited: true },
      ],
    })
  })

  test('has at most three one behind the other', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    let baseSet: string | undefined
    for (let i = 0; i < 4; i += 1) baseSet = (await made(ada, { baseSet })).id
    const { problems } = await ada.act(CREATE, { input: { name: 'x', baseSet } })
    expect(problems).toMatchObject([
      { path: 'createMeasurementSet.input.baseSet', message: expect.stringContaining('At most 3') },
    ])
  })

  test('is never based on another’s, which is as good as missing', async () => {
    const { writer } = await testWriters()
    const [ada, ben] = [await writer('ada'), await writer('ben')]
    const foreign = (await made(ben)).id
    const refused = await ada.act(CREATE, { input: { name: 'x', baseSet: foreign } })
    const missing = await ada.act(CREATE, { input: { name: 'x', baseSet: 'set_x' } })
    expect(refused.problems).toMatchObject([{ message: 'This names no set of the account.' }])
    expect(missing.problems.map(({ message }) => message)).toEqual(
      refused.problems.map(({ message }) => message),
    )
  })
})

describe('in the account of somebody else', () => {
  test('a set is made from level 6, and stands in the owner’s access log', async () => {
    const { gateway, writer } = await testWriters()
    const ada = await writer('ada')
    const staff = await writer('staff', { level: 6, role: 'bughunter' }, { role: 'bughunter' })
    const account = await idOf(ada)
    const { data } = await staff.act(CREATE, { input: { name: 'x', account } })
    const { id } = data['createMeasurementSet'].measurementSet
    expect((await ada.act(READ, { id })).data['measurementSet']).toMatchObject({ name: 'x' })
    const { rows } = await gateway.database.pool.query(
      "select account_id, actor_id, action, subject from audit where action <> 'read-measurement-sets'",
    )
    expect(rows).toEqual([
      {
        account_id: ada.accountId,
        actor_id: staff.accountId,
        action: 'create-measurement-set',
        subject: id,
      },
    ])
  })

  test('nothing is made below, nor where measurements may not be processed: as if there were no such account', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const shy = await writer('shy', {}, { consent: 'account' })
    const curator = await writer('cur', { level: 5, role: 'curator' }, { role: 'curator' })
    const staff = await writer('staff', { level: 6, role: 'bughunter' }, { role: 'bughunter' })
    const asked: [Writer, string][] = [
      [curator, await idOf(ada)],
      [staff, await idOf(shy)],
      [staff, 'acc_x'],
    ]
    for (const [who, account] of asked) {
      const { data } = await who.act(CREATE, { input: { name: 'x', account } })
      expect(data).toEqual({
        createMeasurementSet: { __typename: 'NotFound', code: 'NOT_FOUND' },
      })
    }
  })
})

async function idOf(writer: Writer): Promise<string> {
  return (await writer.act('{ me { id } }', {})).data['me'].id
}

test('unlikely values are stored, and warned of by name', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const measurements = { shoulderToWrist: 300, shoulderToElbow: 350 }
  const { data } = await ada.act(CREATE, { input: { name: 'x', unit: 'MM', measurements } })
  expect(data['createMeasurementSet']).toMatchObject({
    measurementSet: { measurements: { shoulderToWrist: 30, shoulderToElbow: 35 } },
    warnings: [{ code: 'ELBOW_BELOW_WRIST', measurements: ['shoulderToWrist', 'shoulderToElbow'] }],
  })
})

test('the same request under one Idempotency-Key makes one set, and answers alike', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const input = { name: 'x', unit: 'CM', measurements: { chest: 90 } }
  const answers = [
    await ada.act(CREATE, { input }, 'once'),
    await ada.act(CREATE, { input }, 'once'),
  ]
  expect(answers[1]?.data).toEqual(answers[0]?.data)
  const { rows } = await gateway.database.pool.query('select from measurement_set')
  expect(rows.length).toBe(1)
})
