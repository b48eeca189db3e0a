import { describe, expect, test } from 'vitest'

import { PEOPLE } from '../../support/planned-data.ts'
import { policiesWith } from '../../support/policies.ts'
import { stoppedCommunity, type StoppedCommunity } from '../../support/stopped-community.ts'

const policies = policiesWith({})

/** The query 1, the list 5, and 1 for each set. */
function listOf(sets: number): string {
  return `{ measurementSets(first: ${sets}) { nodes { name } } }`
}

describe('a limit that an owner set on a key', () => {
  test('lowers the ceiling of that key, and of no other', async () => {
    const gateway = await stoppedCommunity({ policies })
    const [limited, other] = [await gateway.keyOf('ben'), await gateway.keyOf('ben')]
    await limit(gateway, { keyOf: limited, partition: 'burst', capacity: 50, restorePerSecond: 1 })
    const refused = await gateway.post(listOf(45), limited)
    expect(refused.status).toBe(422)
    expect(refusalIn(refused.body)).toMatchObject({
      code: 'COST_LIMIT_EXCEEDED',
      estimated: 51,
      limit: 50,
      largestPage: { value: 44 },
    })
    expect((await gateway.post(listOf(44), limited)).status).toBe(200)
    expect((await gateway.post(listOf(45), other)).status).toBe(200)
  })

  test('is a budget besides the account’s, and refuses under its own name', async () => {
    const gateway = await stoppedCommunity({ policies })
    const [limited, other] = [await gateway.keyOf('ben'), await gateway.keyOf('ben')]
    await limit(gateway, { keyOf: limited, partition: 'burst', capacity: 50, restorePerSecond: 2 })
    await gateway.draw('key-burst', await keyIdOf(gateway, limited), 15)
    const { body, headers } = await gateway.post(listOf(40), limited)
    expect(refusalIn(body)).toMatchObject({
      code: 'RATE_LIMITED',
      partition: 'key-burst',
      limit: 50,
      remaining: 35,
      retryAfterSeconds: 6,
    })
    expect(headers['ratelimit-policy']).toBe(
      '"burst";q=2000;w=20;maat-unit="points", "day";q=200000;w=86400;maat-unit="points", "key-burst";q=50;w=25;maat-unit="points"',
    )
    expect(headers['ratelimit']).toBe(
      '"burst";r=2000;t=0, "day";r=200000;t=43200, "key-burst";r=35;t=8',
    )
    // It has the fewest points left.
    expect(JSON.parse(body).extensions.cost).toMatchObject({ remaining: 35, resetSeconds: 8 })
    expect((await gateway.post(listOf(40), other)).status).toBe(200)
  })

  test('for a day is over at midnight', async () => {
    const gateway = await stoppedCommunity({ policies })
    const key = await gateway.keyOf('ben')
    await limit(gateway, { keyOf: key, partition: 'day', capacity: 50 })
    await gateway.draw('key-day', await keyIdOf(gateway, key), 40)
    const { body } = await gateway.post(listOf(40), key)
    expect(refusalIn(body)).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      partition: 'key-day',
      remaining: 10,
      resetAt: '2100-03-02T00:00:00.000Z',
    })
  })
})

describe('a limit of an account', () => {
  test('stands in place of the policy’s, for all its keys', async () => {
    const gateway = await stoppedCommunity({ policies })
    await limit(gateway, { partition: 'burst', capacity: 5000, restorePerSecond: 10 })
    await limit(gateway, { partition: 'day', capacity: 900_000 })
    const policyOf = async (key: string) =>
      (await gateway.post('{ version }', key)).headers['ratelimit-policy']
    const own = '"burst";q=5000;w=500;maat-unit="points", "day";q=900000;w=86400;maat-unit="points"'
    expect(await policyOf(await gateway.keyOf('ben'))).toBe(own)
    expect(await policyOf(await gateway.keyOf('ben'))).toBe(own)
    expect(await policyOf(await gateway.keyOf('ada'))).toContain('"burst";q=2000;')
  })

  test('does not raise the ceiling of one operation', async () => {
    const gateway = await stoppedCommunity({ policies })
    await limit(gateway, { partition: 'burst', capacity: 5000, restorePerSecond: 10 })
    const lists = Array.from({ length: 10 }, (_, i) => `a${i}: ${listOf(95).slice(2, -2)}`)
    const { body } = await gateway.post(`{ ${lists.join(' ')} }`, await gateway.keyOf('ben'))
    expect(refusalIn(body)).toMatchObject({ estimated: 1001, limit: 1000 })
  })

  test('ends when its time is over', async () => {
    const gateway = await stoppedCommunity({ policies })
    const key = await gateway.keyOf('ben')
    const validUntil = new Date(gateway.demand.clock().getTime() + 3_600_000)
    await limit(gateway, { partition: 'day', capacity: 300_000, validUntil })
    const policy = async () => (await gateway.post('{ version }', key)).headers['ratelimit-policy']
    expect(await policy()).toContain('"day";q=300000;')
    await gateway.pass(3600)
    expect(await policy()).toContain('"day";q=200000;')
  })

  test('applies to what remains, as soon as the gateway hears of it', async () => {
    const gateway = await stoppedCommunity({ policies })
    const key = await gateway.keyOf('ben')
    await gateway.draw('day', PEOPLE.ben, 150_000)
    const remaining = async (document: string) => {
      const { status, body } = await gateway.post(document, key)
      return [status, JSON.parse(body).extensions.cost.remaining]
    }
    await gateway.draw('burst', PEOPLE.ben, 0)
    expect(await remaining('{ version }')).toEqual([200, 1999])
    // Less than has been spent today.
    await limit(gateway, { partition: 'day', capacity: 100_000 })
    gateway.forget(PEOPLE.ben)
    expect(await remaining(listOf(40))).toEqual([429, 0])
    await lift(gateway)
    gateway.forget(PEOPLE.ben)
    expect(await remaining(listOf(40))).toEqual([200, expect.any(Number)])
  })
})

interface Limit {
  /** Text of the key that has it; the account where there is none. */
  readonly keyOf?: string
  readonly partition: 'burst' | 'day'
  readonly capacity: number
  readonly restorePerSecond?: number
  readonly validUntil?: Date
}

/** Sets a limit of ben's, or of a key of his. */
async function limit(gateway: StoppedCommunity, given: Limit): Promise<void> {
  const { keyOf, partition, capacity, restorePerSecond = null, validUntil = null } = given
  const keyId = keyOf === undefined ? null : await keyIdOf(gateway, keyOf)
  await gateway.database.pool.query(
    `insert into quota_limit (account_id, api_key_id, partition, capacity, restore_per_second, valid_until)
     values ($1, $2, $3, $4, $5, $6)`,
    [PEOPLE.ben, keyId, partition, capacity, restorePerSecond, validUntil],
  )
}

async function lift({ database }: StoppedCommunity): Promise<void> {
  await database.pool.query('delete from quota_limit where account_id = $1', [PEOPLE.ben])
}

async function keyIdOf({ database, vault }: StoppedCommunity, key: string): Promise<string> {
  const { rows } = await database.pool.query('select id from api_key where digest = $1', [
    vault.pepper.digest(key),
  ])
  return rows[0].id
}

function refusalIn(body: string) {
  return JSON.parse(body).errors[0].extensions
}
