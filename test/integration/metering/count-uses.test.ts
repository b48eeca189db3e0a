import { randomUUID } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { connectDatabase } from '../../../src/database/connect.ts'
import { formatId } from '../../../src/ids.ts'
import { countUses } from '../../../src/metering/count-uses.ts'
import { shipPart } from '../../../src/metering/ship-part.ts'
import type { UsageRecord } from '../../../src/metering/usage-record.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { hold } from '../../support/hold.ts'
import { usedKey, usesOf } from '../../support/key-uses.ts'
import { insertSession } from '../../support/session.ts'
import { whenDone } from '../../support/when-done.ts'
import { usageRecord } from '../../support/usage-records.ts'

const ME = '{ me { username } }'
const NOON = Date.parse('2026-02-01T12:00:00Z')

/** Ships these records as a part of a segment of a gateway of their own. */
async function shipped(gateway: TestGateway, records: readonly Partial<UsageRecord>[]) {
  const part = {
    gateway: randomUUID(),
    segment: 1,
    start: 0,
    end: 100,
    unreadable: 0,
    records: records.map((over, place) => ({ ...usageRecord(over), place })),
  }
  await gateway.database.kysely
    .insertInto('meter_gateway')
    .values({ gateway_id: part.gateway, shipped_at: new Date() })
    .execute()
  await shipPart(gateway.database, part)
  return part
}

const quiet = () => testGateway({ reconciles: false })

describe('operations over HTTP', () => {
  test('are counted for their key and its account within two seconds, refused ones too', async () => {
    const gateway = await testGateway()
    const accountId = await gateway.account()
    const key = await gateway.issueKey({ accountId, level: 2 })
    for (let n = 0; n < 3; n += 1) expect((await gateway.post(ME, key)).status).toBe(200)
    expect((await gateway.post('{ accounts { nodes { id } } }', key)).codes).not.toEqual([])
    await gateway.meter.ship()
    const { data } = await gateway.post(
      '{ apiKeys { nodes { calls lastUsedAt } } me { keyCalls sessionCalls lastSeenAt } }',
      key,
    )
    const { me, apiKeys } = data as {
      me: { lastSeenAt: string }
      apiKeys: { nodes: readonly { lastUsedAt: string }[] }
    }
    expect(apiKeys.nodes).toEqual([{ calls: 4, lastUsedAt: me.lastSeenAt }])
    expect(me).toMatchObject({ keyCalls: 4, sessionCalls: 0 })
    expect(Date.now() - Date.parse(me.lastSeenAt)).toBeLessThan(60_000)
  })

  test('of a session are its account’s', async () => {
    const gateway = await testGateway()
    const { token } = await insertSession(gateway)
    expect((await gateway.post(ME, token)).status).toBe(200)
    await gateway.meter.ship()
    const { rows } = await gateway.database.pool.query(
      'select key_calls::int, session_calls::int from account',
    )
    expect(rows).toEqual([{ key_calls: 0, session_calls: 1 }])
  })

  test('of nobody are nobody’s', async () => {
    const gateway = await testGateway()
    await gateway.account()
    expect((await gateway.post('{ version }')).status).toBe(200)
    await gateway.meter.ship()
    const { rows } = await gateway.database.pool.query(
      'select key_calls::int, session_calls::int, last_seen_at from account',
    )
    expect(rows).toEqual([{ key_calls: 0, session_calls: 0, last_seen_at: null }])
  })
})

describe('what came into the ledger', () => {
  test('is counted once, however often it is shipped and whoever counts', async () => {
    const gateway = await quiet()
    const { accountId, keyId } = await usedKey(gateway)
    const key = { accountId, keyId }
    const own = connectDatabase({ url: gateway.database.url, applicationName: 'maat' })
    whenDone(own.close)
    const part = await shipped(gateway, [
      { ...key, atMs: NOON },
      { ...key, atMs: NOON + 5000, operations: 3 },
      { accountId, atMs: NOON },
    ])
    await Promise.all([
      shipPart(gateway.database, part),
      shipPart(own, part),
      countUses(gateway.database),
      countUses(own),
    ])
    await countUses(gateway.database)
    const at = new Date(NOON + 5000)
    const used = { calls: 4, last_used_at: at, key_calls: 4, session_calls: 1, last_seen_at: at }
    expect(await usesOf(gateway, key)).toEqual(used)
    // What comes late was earlier.
    await shipped(gateway, [{ ...key, atMs: NOON - 60_000 }])
    await countUses(gateway.database)
    expect(await usesOf(gateway, key)).toEqual({ ...used, calls: 5, key_calls: 5 })
  })

  test.each([
    ['the key', (keyId: string) => `select from api_key where id = '${keyId}' for update`],
    [
      'the account',
      (keyId: string) =>
        `select from account where id = (select account_id from api_key where id = '${keyId}') for no key update`,
    ],
  ])('waits for nobody, and is kept while somebody holds %s', async (_row, statement) => {
    const gateway = await quiet()
    const [held, free] = [await usedKey(gateway), await usedKey(gateway)]
    await shipped(gateway, [held, free, held])
    const release = await hold(gateway, statement(held.keyId))
    await countUses(gateway.database)
    expect(await usesOf(gateway, held)).toMatchObject({ calls: 0, key_calls: 0 })
    expect(await usesOf(gateway, free)).toMatchObject({ calls: 1, key_calls: 1 })
    await release()
    await expect
      .poll(async () => {
        await countUses(gateway.database)
        return usesOf(gateway, held)
      })
      .toMatchObject({ calls: 2, key_calls: 2 })
    expect(await usesOf(gateway, free)).toMatchObject({ calls: 1, key_calls: 1 })
  })

  test('is the account’s where the key is gone, and nobody’s where the account is', async () => {
    const gateway = await quiet()
    const [kept, gone] = [await usedKey(gateway), await usedKey(gateway)]
    await shipped(gateway, [{ ...kept, keyId: randomUUID() }, kept, gone])
    const { kysely } = gateway.database
    await kysely.deleteFrom('api_key').where('account_id', '=', gone.accountId).execute()
    await kysely.deleteFrom('account').where('id', '=', gone.accountId).execute()
    await shipped(gateway, [gone])
    await countUses(gateway.database)
    expect(await usesOf(gateway, kept)).toMatchObject({ calls: 1, key_calls: 2 })
    expect(await kysely.selectFrom('usage_use').select('key_id').execute()).toEqual([])
  })

  test('of a revoked key is counted, and it stays revoked', async () => {
    const gateway = await quiet()
    const key = await usedKey(gateway)
    const { kysely } = gateway.database
    await shipped(gateway, [key])
    await kysely
      .updateTable('api_key')
      .set({ revoked_at: new Date(), revocation_reason: 'owner' })
      .where('id', '=', key.keyId)
      .execute()
    await countUses(gateway.database)
    const reader = await gateway.issueKey({ accountId: key.accountId, level: 2 })
    const { data } = await gateway.post(
      `{ node(id: "${formatId('key', key.keyId)}") { ... on ApiKey { calls state } } }`,
      reader,
    )
    expect(data).toEqual({ node: { calls: 1, state: 'REVOKED' } })
  })

  test('is counted by two gateways at once, in any order', async () => {
    const gateway = await quiet()
    const keys = await Promise.all(Array.from({ length: 20 }, () => usedKey(gateway)))
    const own = connectDatabase({ url: gateway.database.url, applicationName: 'maat' })
    whenDone(own.close)
    for (let round = 0; round < 10; round += 1) {
      // oxlint-disable no-await-in-loop -- round after round
      await Promise.all([
        shipped(gateway, keys),
        shipped(gateway, keys.toReversed()),
        countUses(gateway.database),
        countUses(own),
      ])
    }
    await countUses(own)
    const { rows } = await gateway.database.pool.query(
      'select calls::int, key_calls::int, count(*)::int from api_key join account on account.id = account_id group by 1, 2',
    )
    expect(rows).toEqual([{ calls: 20, key_calls: 20, count: 20 }])
  })
})
