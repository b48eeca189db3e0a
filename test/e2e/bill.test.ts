import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { createPasswords } from '../../src/auth/sign-in/passwords.ts'
import { insertAccount } from '../support/account.ts'
import { ask, sharedDatabase, type Told } from '../support/shared-database.ts'
import { startGateway } from '../support/started-gateway.ts'
import { insertRecords } from '../support/usage-rows.ts'

const PASSWORD = 'correct horse battery staple'
const ROW = { capacity: 1_000_000, restorePerSecond: 1000 }
/** No operation costs more than these: a capacity below it would refuse them for good. */
const POINTS_MAX = 40

const { database, vault, folder, env: shared, keyOf } = await sharedDatabase()
const env = {
  ...shared,
  MAAT_POLICIES: join(folder, 'policies.json'),
  MAAT_CURRENCY: 'CHF',
  MAAT_PRICE_GIGABYTE: '250',
  MAAT_MONTH_CEILING: '100',
}
await writeFile(
  env.MAAT_POLICIES,
  JSON.stringify({
    burst: ROW,
    ceiling: POINTS_MAX,
    'anonymous-ceiling': POINTS_MAX,
    levels: Object.fromEntries([5, 6, 7, 8].map((level) => [level, { ceiling: POINTS_MAX }])),
  }),
)

const ME = '{ me { username } }'

test('at two gateways, the heavy one stops before the ceiling, nobody is kept from signing in or stopping a key', async () => {
  const heavy = await insertAccount(database, vault, { username: 'heavy' })
  await database.kysely
    .insertInto('credential')
    .values({
      account_id: heavy,
      password_hash: await createPasswords({ random: randomBytes }).hash(PASSWORD),
      updated_at: new Date(),
    })
    .execute()
  const light = await insertAccount(database, vault, { username: 'light' })
  const [heavyKey, lightKey] = [await keyOf(heavy), await keyOf(light)]
  const spend = (accountId: string, amount: number) =>
    insertRecords(database, [
      {
        account_id: accountId,
        recorded_at: new Date(),
        operation: 'Sets',
        points: Math.round(amount * 10_000),
        bytes: Math.round(amount * 4_000_000),
      },
    ])
  await spend(heavy, 99.6)
  await spend(light, 0.02)

  const gateways = await Promise.all([startGateway(env), startGateway(env)])
  const [first, second] = gateways
  const untilPublished = async (): Promise<void> => {
    for (const startMs = Date.now(); Date.now() - startMs < 20_000;) {
      // oxlint-disable-next-line no-await-in-loop
      const { data } = await ask(first, lightKey.secret, ME)
      // oxlint-disable-next-line no-await-in-loop
      const row = await database.kysely
        .selectFrom('quota_share')
        .select('account_id')
        .executeTakeFirst()
      if (data !== null && row?.account_id === heavy) return
    }
    throw new Error('Nobody was slowed down.')
  }
  await untilPublished()

  // What is left is for others: he gets what one operation may cost, and no more.
  const untilRefused = async (at: (typeof gateways)[number]): Promise<Told> => {
    for (let n = 0; n < 200; n += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const told = await ask(at, heavyKey.secret, ME)
      if (told.code !== null) return told
    }
    throw new Error('He is never refused.')
  }
  for (const gateway of gateways) {
    // oxlint-disable-next-line no-await-in-loop
    expect(await untilRefused(gateway)).toMatchObject({
      status: 429,
      code: 'QUOTA_EXCEEDED',
      partition: 'service-month',
    })
    // oxlint-disable-next-line no-await-in-loop
    for (let n = 0; n < 20; n += 1) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await ask(gateway, lightKey.secret, ME)).toMatchObject({
        data: { me: { username: 'light' } },
      })
    }
  }

  // The ceiling itself is reached: for all that is drawn on it.
  await database.kysely
    .updateTable('bill_month')
    .set({ capacity: 0, capacity_of_slowed: 0 })
    .execute()
  let told = await ask(second, lightKey.secret, ME)
  // oxlint-disable-next-line no-await-in-loop
  while (told.code === null) told = await ask(second, lightKey.secret, ME)
  expect(told).toMatchObject({ code: 'QUOTA_EXCEEDED', partition: 'service-month' })

  for (const gateway of gateways) {
    // oxlint-disable no-await-in-loop
    expect((await fetch(`${gateway.origin}/readyz`)).status).toBe(200)
    const signedIn = await ask(
      gateway,
      null,
      'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { accessToken } } }',
      { input: { name: 'heavy', password: PASSWORD } },
    )
    const session = String(signedIn.data?.['signIn']?.['accessToken'])
    expect(await ask(gateway, session, ME)).toMatchObject({ data: { me: { username: 'heavy' } } })
    const { id } = await keyOf(heavy)
    expect(
      await ask(
        gateway,
        session,
        'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { ... on RevokeApiKeyPayload { apiKey { state } } } }',
        { input: { id } },
      ),
    ).toMatchObject({ data: { revokeApiKey: { apiKey: { state: 'REVOKED' } } } })
    // oxlint-enable no-await-in-loop
  }
})
