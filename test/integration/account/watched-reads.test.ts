import { describe, expect, test } from 'vitest'

import { formatId } from '../../../src/ids.ts'
import { FULL_NAME, fullAccount } from '../../support/full-account.ts'
import { testGateway } from '../../support/gateway.ts'

/** Ada, who has a set and a pattern, and keys of others who read them. */
async function community() {
  let now = new Date('2026-02-01T00:00:00Z')
  const gateway = await testGateway({ now: () => now })
  const { accountId, key } = await fullAccount(gateway)
  const staff = await gateway.account({ username: 'staff', role: 'support' })
  const issue = (level: 4 | 5) =>
    gateway.issueKey({ accountId: staff, level, expiresAt: '2026-03-01T00:00:00Z' })
  await gateway.database.pool.query('delete from audit')
  return {
    gateway,
    accountId,
    key,
    strong: await issue(5),
    weak: await issue(4),
    later: (hours: number) => (now = new Date(now.getTime() + hours * 3_600_000)),
    log: async () => {
      const { rows } = await gateway.database.pool.query(
        'select action, account_id, actor_kind from audit order by created_at, action',
      )
      return rows.map(({ action, account_id, actor_kind }) => [
        action,
        account_id === accountId ? 'ada' : 'another',
        actor_kind,
      ])
    },
  }
}

const READ = `{ account(username: "${FULL_NAME}") {
  measurementSets(first: 5) { nodes { name patterns(first: 5) { nodes { notes } } } }
} }`

describe('reading the sets and patterns of another', () => {
  test('stands in the log of their owner, once a day for each key', async () => {
    const { gateway, strong, later, log } = await community()
    const read = await gateway.post(READ, strong)
    expect(read).toMatchObject({
      status: 200,
      data: {
        account: { measurementSets: { nodes: [{ name: 'Set 1', patterns: { nodes: [{}] } }] } },
      },
    })
    await gateway.post(READ, strong)
    const once = [
      ['read-measurement-sets', 'ada', 'key'],
      ['read-patterns', 'ada', 'key'],
    ]
    expect(await log()).toEqual(once)
    later(24)
    await gateway.post(READ, strong)
    expect(await log()).toEqual([...once, ...once])
  })

  test('by an id is told as well', async () => {
    const { gateway, strong, log } = await community()
    const { rows } = await gateway.database.pool.query('select id from measurement_set')
    const id = formatId('set', rows[0].id)
    await gateway.post(
      `{ node(id: "${id}") { ... on MeasurementSet { measurements(unit: MM) } } }`,
      strong,
    )
    expect(await log()).toEqual([['read-measurement-sets', 'ada', 'key']])
  })

  test('is told of nobody who reads the own ones, or may read no others', async () => {
    const { gateway, key, weak, log } = await community()
    await gateway.database.pool.query('update measurement_set set public = true')
    expect((await gateway.post(READ, key)).status).toBe(200)
    expect((await gateway.post(READ, weak)).status).toBe(200)
    expect(await log()).toEqual([])
  })

  test('is answered to nobody while the log can not be written', async () => {
    const { gateway, strong } = await community()
    await gateway.database.pool.query('alter table audit add check (action is null) not valid')
    const read = await gateway.post(READ, strong)
    expect([read.status, read.body.includes('Set 1')]).toEqual([500, false])
  })
})
