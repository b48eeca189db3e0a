import { expect, test } from 'vitest'
import { parseKey } from '../../src/auth/api-key.ts'
import { issueKey, type NewKey } from '../../src/auth/issue-key.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { place } from '../../src/vault/sealed-rows.ts'
import { createVault } from '../../src/vault/vault.ts'
import { insertAccount } from '../support/account.ts'
import { testDatabase } from '../support/test-database.ts'

const database = await testDatabase()
const vault = createVault(createKeyRing())
const NOW = new Date('2026-02-01T12:00:00Z')
const context = { database, vault, clock: () => NOW }
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

async function newKey(over: Partial<NewKey> = {}): Promise<NewKey> {
  const accountId = await insertAccount(database, vault)
  return { accountId, level: 1, name: 'laptop', expiresAt: after(3600), ...over }
}

const storedKeys = (accountId: string) =>
  database.kysely.selectFrom('api_key').selectAll().where('account_id', '=', accountId).execute()

test('a new key is stored as digest and sealed name, and its secret nowhere', async () => {
  const key = await newKey()
  const { id, publicId, secret } = await issueKey(context, key)
  const [row, ...others] = await storedKeys(key.accountId)
  expect(others).toEqual([])
  expect(row).toMatchObject({
    id,
    level: 1,
    digest: vault.pepper.digest(secret),
    pepper_id: vault.pepper.id,
    expires_at: key.expiresAt,
    revoked_at: null,
    created_at: NOW,
    updated_at: NOW,
  })
  expect(publicId).toBe(`key_${row?.slug}`)
  expect(
    vault.open(row?.label ?? '', place('api_key', 'label', { row: id, owner: key.accountId })),
  ).toBe('laptop')
  expect(JSON.stringify(row)).not.toContain(secret.slice(8, 40))
})

test('a new key has the form of a key, and no other has the same', async () => {
  const key = await newKey()
  const secrets = [await issueKey(context, key), await issueKey(context, key)].map(
    ({ secret }) => secret,
  )
  expect(secrets.map((secret) => parseKey(secret).kind)).toEqual(['key', 'key'])
  expect(new Set(secrets).size).toBe(2)
})

test('a level above what the role gives is refused, and nothing is stored', async () => {
  const key = await newKey({ level: 5 })
  await expect(issueKey(context, key)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    extensions: { problems: [{ path: 'level', found: 5 }] },
  })
  expect(await storedKeys(key.accountId)).toEqual([])
})

test.each([
  ['365 days and a second', 365 * 86_400 + 1],
  ['59 seconds', 59],
  ['minus a day', -86_400],
])('an expiry in %s is refused, and nothing is stored', async (_, seconds) => {
  const key = await newKey({ expiresAt: after(seconds) })
  await expect(issueKey(context, key)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    extensions: { problems: [{ path: 'expiresAt' }] },
  })
  expect(await storedKeys(key.accountId)).toEqual([])
})

test('the bounds of the expiry are those that are configured', async () => {
  const key = await newKey({ expiresAt: after(61) })
  const lifetime = { secondsMin: 1, secondsMax: 60 }
  await expect(issueKey({ ...context, lifetime }, key)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  })
})
