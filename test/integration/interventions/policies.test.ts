import { describe, expect, test } from 'vitest'

import { applyPolicies } from '../../../src/oversight/policies/apply-policies.ts'
import type { OversightPolicy } from '../../../src/oversight/policies/oversight-policy.ts'
import { interventionOf, intervening, mailsTo, trailOf } from '../../support/intervening.ts'
import { insertHours, insertRecords } from '../../support/usage-rows.ts'

const POLICY: OversightPolicy = {
  name: 'heavy',
  over: 'day',
  measure: 'points',
  above: 1000,
  below: 500,
  step: 'slower',
  pace: 0.5,
  forHours: 24,
}
const ME = '{ me { username } }'

/** Ada at noon, and a look at her use. */
async function watched(policies: readonly OversightPolicy[] = [POLICY]) {
  const time = { now: new Date('2026-01-02T12:00:00Z') }
  const people = await intervening({ now: () => time.now })
  const failures: unknown[] = []
  const { gateway, accountId } = people
  return {
    ...people,
    time,
    failures,
    used: (points: number, hour: string, account = accountId) =>
      insertHours(gateway.database, [{ account_id: account, hour: new Date(hour), points }]),
    look: async () => {
      const onFailure = (...failure: readonly unknown[]) => void failures.push(failure)
      await applyPolicies({ ...gateway.acts, policies, onFailure })
      expect(failures).toEqual([])
    },
    /** Step, policy and end of all interventions against Ada. */
    steps: async (account = accountId) => {
      const rows = await gateway.database.kysely
        .selectFrom('intervention')
        .select(['step', 'policy', 'until', 'end_reason'])
        .where('account_id', '=', account)
        .orderBy('created_at')
        .execute()
      return rows.map((row) => [row.step, row.policy, row.until?.toISOString(), row.end_reason])
    },
  }
}

const TAKEN = ['slower', 'heavy', '2026-01-03T12:00:00.000Z', null]

test('a policy takes its step against whoever used too much within its window, once', async () => {
  const { gateway, accountId, key, used, look, steps, time } = await watched()
  await used(600, '2026-01-01T13:00:00Z')
  await used(400, '2026-01-02T11:00:00Z')
  await look()
  await look()
  expect(await steps()).toEqual([TAKEN])
  const { body } = await gateway.post(ME, key)
  expect(JSON.parse(body).extensions.notice).toMatchObject([{ step: 'SLOWER', pacePercent: 50 }])
  const [mail = '', ...others] = await mailsTo(gateway, accountId)
  expect(others).toEqual([])
  expect(mail).toContain('Points within a day: 1000; 1000 or more are too many (policy heavy).')
  expect(await trailOf(gateway, accountId)).toEqual([
    ['intervene-slower', 'gateway', expect.stringContaining('policy heavy')],
  ])
  time.now = new Date('2026-01-03T12:00:00Z')
  const later = await gateway.post(ME, await gateway.issueKey({ accountId }))
  expect(JSON.parse(later.body).extensions).not.toHaveProperty('notice')
})

test('use before the window does not count, and the oldest hour by its share', async () => {
  const { used, look, steps, time } = await watched()
  await used(2000, '2026-01-01T11:00:00Z')
  await look()
  expect(await steps()).toEqual([])
  await used(2000, '2026-01-01T12:00:00Z')
  time.now = new Date('2026-01-02T12:45:00Z')
  // A quarter of that hour is left of it.
  await look()
  expect(await steps()).toEqual([])
  time.now = new Date('2026-01-02T12:30:00Z')
  await look()
  expect(await steps()).toEqual([['slower', 'heavy', '2026-01-03T12:30:00.000Z', null]])
})

test('records that are in no roll-up yet count as well', async () => {
  const { gateway, accountId, used, look, steps } = await watched()
  await used(600, '2026-01-02T10:00:00Z')
  const recorded_at = new Date('2026-01-02T11:59:59Z')
  await insertRecords(gateway.database, [{ account_id: accountId, recorded_at, points: 400 }])
  await look()
  expect(await steps()).toEqual([TAKEN])
})

describe.each([
  ['operations', { operations: 1000 }, { operations: 900, refusals: 900 }],
  ['refusals', { operations: 1000, refusals: 1000 }, { operations: 1000, refusals: 999 }],
  ['databaseMs', { database_us: 1_000_000 }, { database_us: 999_000 }],
  ['bytes', { bytes: 1000 }, { bytes: 999 }],
] as const)('a policy over %s', (measure, enough, less) => {
  test('adds up just that', async () => {
    const {
      gateway,
      accountId,
      adminId: _admin,
      look,
      steps,
    } = await watched([{ ...POLICY, measure }])
    const hour = new Date('2026-01-02T11:00:00Z')
    const ben = await gateway.account({ username: 'ben' })
    await insertHours(gateway.database, [
      { account_id: accountId, hour, ...enough },
      { account_id: ben, hour, ...less },
    ])
    await look()
    expect(await steps()).toEqual([TAKEN])
    expect(await steps(ben)).toEqual([])
  })
})

test('a step is prolonged while use stays above the lower bound, and its owner is told until when', async () => {
  const { gateway, accountId, used, look, steps, time } = await watched()
  await used(1000, '2026-01-02T11:00:00Z')
  await look()
  await used(500, '2026-01-03T11:00:00Z')
  time.now = new Date('2026-01-03T11:59:00Z')
  await look()
  expect(await steps()).toEqual([['slower', 'heavy', '2026-01-04T11:59:00.000Z', null]])
  expect(await mailsTo(gateway, accountId)).toEqual([
    expect.stringContaining('until 2026-01-03 12:00 UTC'),
    expect.stringContaining('until 2026-01-04 11:59 UTC'),
  ])
  expect((await trailOf(gateway, accountId)).map(([action]) => action)).toEqual([
    'intervene-slower',
    'prolong-intervention',
  ])
  time.now = new Date('2026-01-04T11:58:00Z')
  await look()
  expect(await steps()).toEqual([['slower', 'heavy', '2026-01-04T11:59:00.000Z', null]])
})

test('what a person lifted is not taken again before it would have been over', async () => {
  const { gateway, admin, lift, used, look, steps, time } = await watched()
  await used(1000, '2026-01-02T11:00:00Z')
  await look()
  const listed = await gateway.post(
    '{ interventions(active: null) { nodes { id policy decidedBy { username } } } }',
    admin,
  )
  const { interventions } = listed.data as { interventions: { nodes: { id: string }[] } } // as the document asks
  expect(interventions.nodes).toMatchObject([{ policy: 'heavy', decidedBy: null }])
  await lift(interventions.nodes[0]?.id ?? '')
  await look()
  expect(await steps()).toEqual([['slower', 'heavy', '2026-01-03T12:00:00.000Z', 'lifted']])
  await used(1000, '2026-01-03T11:00:00Z')
  time.now = new Date('2026-01-03T12:00:01Z')
  await look()
  expect(await steps()).toHaveLength(2)
})

test('what a person did is not overruled by a policy', async () => {
  const { intervene, used, look, steps } = await watched()
  interventionOf(await intervene({ step: 'SLOWER', pacePercent: 90 }))
  await used(1000, '2026-01-02T11:00:00Z')
  await look()
  expect(await steps()).toEqual([['slower', null, undefined, null]])
})

test('no policy does anything against staff', async () => {
  const { adminId, used, look, steps } = await watched()
  await used(5000, '2026-01-02T11:00:00Z', adminId)
  await look()
  expect(await steps(adminId)).toEqual([])
})

test('a policy that may revoke takes the keys back', async () => {
  const { gateway, key, used, look } = await watched([
    { ...POLICY, step: 'revocation', pace: null },
  ])
  await used(1000, '2026-01-02T11:00:00Z')
  await look()
  expect((await gateway.post(ME, key)).codes).toEqual(['KEY_REVOKED'])
})
