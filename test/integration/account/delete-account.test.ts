import { describe, expect, test } from 'vitest'

import { totpCode } from '../../../src/auth/sign-in/totp.ts'
import { formatId } from '../../../src/ids.ts'
import { forgetErased } from '../../../src/metering/forget-erased.ts'
import { tablesThatHold } from '../../support/account-catalogue.ts'
import { outbox } from '../../support/act-client.ts'
import { FULL_NAME, fullAccount } from '../../support/full-account.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { query } from '../../support/postgres.ts'
import { signedIn } from '../../support/signed-in.ts'

const DELETE = `mutation ($input: DeleteAccountInput) { deleteAccount(input: $input) {
  ... on DeleteAccountPayload { deleted } ... on Problem { code }
} }`
const DELETED = { deleteAccount: { deleted: true } }
const password = 'correct horse battery'

async function accountsOf({ database }: TestGateway): Promise<readonly string[]> {
  const { rows } = await database.pool.query('select username from account order by 1')
  return rows.map(({ username }) => username)
}

describe('a deleted account', () => {
  test('leaves no trace in any table, and what others have from it', async () => {
    const gateway = await testGateway()
    const { accountId, bystander, session, key, keyId, curated } = await fullAccount(gateway, 30)
    const index = gateway.vault.labelIndex(`${FULL_NAME}@example.test`).toString('hex')
    const slug = formatId('acc', accountId).slice('acc_'.length)
    const traces = [
      accountId,
      slug,
      keyId,
      session.sessionId,
      index,
      FULL_NAME,
      FULL_NAME.toLowerCase(),
    ]
    const before = await tablesThatHold(gateway.database, [accountId])
    expect(before.length).toBeGreaterThanOrEqual(14)
    const deleted = await gateway.post(DELETE, session.token, { input: { password } })
    expect(deleted).toMatchObject({ status: 200, data: DELETED })
    await forgetErased(gateway.database)
    // Points that were under way when the account went are settled behind the answer.
    await expect.poll(() => tablesThatHold(gateway.database, traces)).toEqual([])
    for (const credential of [key, session.token]) {
      expect((await gateway.post('{ me { id } }', credential)).codes).toEqual(['UNAUTHENTICATED'])
    }
    const { rows } = await gateway.database.pool.query(
      'select id, curator_id from curated_set union all select account_id, actor_id from audit',
    )
    expect(rows).toEqual([
      { id: curated, curator_id: null },
      { id: bystander, curator_id: null },
    ])
  })

  test('is bidden farewell by a mail whose row names nobody', async () => {
    const gateway = await testGateway()
    const { session } = await fullAccount(gateway)
    await gateway.post(DELETE, session.token, { input: { password } })
    expect(await outbox(gateway)).toMatchObject([
      { to: `${FULL_NAME}@example.test`, subject: 'Your account was deleted' },
    ])
  })

  test('frees its name and address', async () => {
    const gateway = await testGateway()
    const { session } = await fullAccount(gateway)
    await gateway.post(DELETE, session.token, { input: { password } })
    await gateway.account({ username: FULL_NAME })
    expect(await accountsOf(gateway)).toEqual([FULL_NAME, 'ben'])
  })

  test('takes thousands of sets and patterns along', async () => {
    const gateway = await testGateway()
    const { accountId, session } = await fullAccount(gateway)
    // Making them takes longer than a statement of the gateway may.
    await query(
      gateway.database.url,
      `insert into measurement_set (id, account_id, base_set_id, label, label_index, body, created_at, updated_at)
         select gen_random_uuid(), account_id, id, '', '', '', now(), now()
         from measurement_set, generate_series(1, 5000);
       insert into pattern (id, account_id, measurement_set_id, design, label, label_index, body, created_at, updated_at)
         select gen_random_uuid(), account_id, id, 'aaron', '', '', '', now(), now() from measurement_set`,
    )
    const deleted = await gateway.post(DELETE, session.token, { input: { password } })
    expect(deleted.data).toEqual(DELETED)
    expect(await tablesThatHold(gateway.database, [formatId('acc', accountId).slice(4)])).toEqual(
      [],
    )
  })
})

describe('deleteAccount', () => {
  test.each([
    ['a wrong password', { password: 'wrong horse battery' }, 'PASSWORD_WRONG'],
    ['no password where there is one', {}, 'PASSWORD_WRONG'],
    ['a code where there is no second factor', { code: '123456' }, 'SECOND_FACTOR_WRONG'],
  ])('with %s deletes nothing', async (_what, input, code) => {
    const gateway = await testGateway()
    const { session } = await fullAccount(gateway)
    const refused = await gateway.post(DELETE, session.token, { input })
    expect(refused.data).toEqual({ deleteAccount: { code } })
    expect(await accountsOf(gateway)).toEqual([FULL_NAME, 'ben'])
  })

  test('takes a code of the second factor in place of the password', async () => {
    const now = new Date('2026-02-01T00:00:00Z')
    const gateway = await testGateway({ now: now.toISOString() })
    const { session } = await fullAccount(gateway)
    await gateway.database.kysely.updateTable('second_factor').set({ confirmed_at: now }).execute()
    const code = totpCode('JBSWY3DPEHPK3PXP', Math.floor(now.getTime() / 30_000))
    const deleted = await gateway.post(DELETE, session.token, { input: { code } })
    expect(deleted.data).toEqual(DELETED)
    expect(await accountsOf(gateway)).toEqual(['ben'])
  })

  test.each([
    ['younger than ten minutes', 9, DELETED],
    ['older', 11, { deleteAccount: { code: 'PASSWORD_WRONG' } }],
  ])('without any password takes a session that is %s', async (_what, minutes, answer) => {
    const now = new Date('2026-02-01T00:00:00Z')
    const gateway = await testGateway({ now: now.toISOString() })
    const accountId = await gateway.account()
    const openedAt = new Date(now.getTime() - minutes * 60_000)
    const { token } = await signedIn(gateway, accountId, openedAt)
    expect((await gateway.post(DELETE, token)).data).toEqual(answer)
  })

  test.each([
    ['withdrew consent', { consent: 'none' }],
    ['restricted the account', { status: 'restricted' }],
    ['was closed', { status: 'disabled' }],
  ] as const)('is open to whoever %s', async (_what, state) => {
    const gateway = await testGateway()
    const { token } = await signedIn(gateway, await gateway.account(state))
    expect((await gateway.post(DELETE, token)).data).toEqual(DELETED)
  })

  test('is closed to keys of every level', async () => {
    const gateway = await testGateway()
    const accountId = await gateway.account({ role: 'admin' })
    const key = await gateway.issueKey({ accountId, level: 8 })
    expect((await gateway.post(DELETE, key)).codes).toContain('SESSION_REQUIRED')
  })
})
