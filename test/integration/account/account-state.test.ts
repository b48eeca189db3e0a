import { describe, expect, test } from 'vitest'

import { formatId } from '../../../src/ids.ts'
import { testGateway } from '../../support/gateway.ts'
import { signedIn } from '../../support/signed-in.ts'

const CONSENT = `mutation ($consent: Consent!) { setConsent(input: { consent: $consent }) {
  ... on SetConsentPayload { consent } ... on Problem { code }
} }`
const RESTRICT = `mutation { restrictAccount {
  ... on AccountStatusPayload { status } ... on Problem { code }
} }`
const LIFT = `mutation { liftRestriction {
  ... on AccountStatusPayload { status } ... on Problem { code }
} }`
const ROLE = `mutation ($account: ID!, $role: Role!) {
  setRole(input: { account: $account, role: $role, reason: "Asked for." }) {
    ... on SetRolePayload { role profile { username } } ... on Problem { code }
  }
}`
const CLOSE = `mutation ($account: ID!) { closeAccount(input: { account: $account, reason: "Spam." }) {
  ... on CloseAccountPayload { status profile { username } } ... on Problem { code }
} }`
const REOPEN = `mutation ($account: ID!) { reopenAccount(input: { account: $account, reason: "No spam." }) {
  ... on CloseAccountPayload { status } ... on Problem { code }
} }`
const EMAIL = '{ me { email } }'
const SETS = '{ measurementSets { totalCount } }'

/** Ada as given, with a session and a key of level 4. */
async function ada(over: Parameters<Awaited<ReturnType<typeof testGateway>>['account']>[0] = {}) {
  const gateway = await testGateway()
  const accountId = await gateway.account({ username: 'ada', ...over })
  const key = await gateway.issueKey({ accountId })
  const { token } = await signedIn(gateway, accountId)
  return { gateway, accountId, account: formatId('acc', accountId), key, token }
}

async function staff(gateway: Awaited<ReturnType<typeof testGateway>>, role: 'admin' | 'support') {
  const accountId = await gateway.account({ username: `${role}-1`, role })
  return { account: formatId('acc', accountId), ...(await signedIn(gateway, accountId)) }
}

async function trail({ database }: Awaited<ReturnType<typeof testGateway>>) {
  const { rows } = await database.pool.query(
    'select action, reason from audit order by created_at, id',
  )
  return rows.map(({ action, reason }) => [action, reason])
}

describe('consent', () => {
  test('that is withdrawn closes keys and sessions with their next request, and opens them again', async () => {
    const { gateway, key, token } = await ada()
    expect((await gateway.post(EMAIL, key)).status).toBe(200)
    const withdrawn = await gateway.post(CONSENT, token, { consent: 'NONE' })
    expect(withdrawn).toMatchObject({ status: 200, data: { setConsent: { consent: 'NONE' } } })
    for (const credential of [key, token]) {
      expect((await gateway.post(EMAIL, credential)).codes).toContain('CONSENT_REQUIRED')
      expect((await gateway.post('{ me { consent } }', credential)).data).toEqual({
        me: { consent: 'NONE' },
      })
    }
    const given = await gateway.post(CONSENT, token, { consent: 'MEASUREMENTS' })
    expect(given.data).toEqual({ setConsent: { consent: 'MEASUREMENTS' } })
    expect((await gateway.post(EMAIL, key)).status).toBe(200)
    expect(await trail(gateway)).toEqual([
      ['set-consent', 'none'],
      ['set-consent', 'measurements'],
    ])
  })

  test('to account data alone closes sets and patterns', async () => {
    const { gateway, key, token } = await ada()
    await gateway.post(CONSENT, token, { consent: 'ACCOUNT' })
    expect((await gateway.post(SETS, key)).codes).toContain('CONSENT_REQUIRED')
    expect((await gateway.post(EMAIL, key)).status).toBe(200)
  })

  test('is no key’s to give', async () => {
    const { gateway, key } = await ada()
    const refused = await gateway.post(CONSENT, key, { consent: 'NONE' })
    expect(refused).toMatchObject({ status: 403, codes: ['SESSION_REQUIRED'] })
  })
})

describe('a restriction', () => {
  test('closes the account until its owner lifts it, and is the same twice', async () => {
    const { gateway, key, token } = await ada()
    for (let time = 0; time < 2; time += 1) {
      const restricted = await gateway.post(RESTRICT, token)
      expect(restricted.data).toEqual({ restrictAccount: { status: 'RESTRICTED' } })
    }
    expect((await gateway.post(EMAIL, key)).codes).toContain('ACCOUNT_BLOCKED')
    expect((await gateway.post(LIFT, token)).data).toEqual({
      liftRestriction: { status: 'ACTIVE' },
    })
    expect((await gateway.post(EMAIL, key)).status).toBe(200)
    expect(await trail(gateway)).toEqual([
      ['restrict-account', null],
      ['lift-restriction', null],
    ])
  })

  test.each(['disabled', 'inactive'] as const)(
    'of a %s account changes nothing',
    async (status) => {
      const { gateway, token } = await ada({ status })
      expect((await gateway.post(LIFT, token)).data).toEqual({
        liftRestriction: { code: 'ACCOUNT_STATE' },
      })
      expect((await gateway.post(RESTRICT, token)).data).toEqual({
        restrictAccount: { code: 'ACCOUNT_STATE' },
      })
      const { rows } = await gateway.database.pool.query('select status from account')
      expect(rows).toEqual([{ status }])
    },
  )
})

describe('a role', () => {
  test('that an admin takes away leaves strong keys no stronger than what is left', async () => {
    const { gateway, accountId, account, token } = await ada({ role: 'curator' })
    const strong = await gateway.issueKey({ accountId, level: 5 })
    const everybody = '{ accounts { nodes { username } } }'
    expect((await gateway.post(everybody, strong)).status).toBe(200)
    const admin = await staff(gateway, 'admin')
    const set = await gateway.post(ROLE, admin.token, { account, role: 'USER' })
    expect(set.data).toEqual({ setRole: { role: 'USER', profile: { username: 'ada' } } })
    for (const credential of [strong, token]) {
      expect((await gateway.post(everybody, credential)).codes).toContain('LEVEL_TOO_LOW')
    }
    expect(await trail(gateway)).toEqual([['set-role', 'Asked for.']])
  })

  test('is an admin’s to give, and never to oneself', async () => {
    const { gateway, account, token } = await ada()
    const support = await staff(gateway, 'support')
    const admin = await staff(gateway, 'admin')
    const role = 'ADMIN'
    for (const credential of [token, support.token]) {
      expect((await gateway.post(ROLE, credential, { account, role })).codes).toContain(
        'LEVEL_TOO_LOW',
      )
    }
    const own = await gateway.post(ROLE, admin.token, { account: admin.account, role: 'USER' })
    expect(own).toMatchObject({ status: 422, codes: ['INPUT_INVALID'] })
    const missing = { account: formatId('acc', '00000000-0000-7000-8000-00000000000f'), role }
    expect((await gateway.post(ROLE, admin.token, missing)).data).toEqual({
      setRole: { code: 'NOT_FOUND' },
    })
  })
})

describe('an account that is closed', () => {
  test.each(['active', 'restricted', 'inactive'] as const)(
    'while %s is so again once it is reopened, with reasons in its log',
    async (status) => {
      const { gateway, account, key } = await ada({ status })
      const support = await staff(gateway, 'support')
      expect((await gateway.post(CLOSE, support.token, { account })).data).toEqual({
        closeAccount: { status: 'DISABLED', profile: { username: 'ada' } },
      })
      expect((await gateway.post(EMAIL, key)).codes).toContain('ACCOUNT_BLOCKED')
      expect((await gateway.post(REOPEN, support.token, { account })).data).toEqual({
        reopenAccount: { status: status.toUpperCase() },
      })
      expect(await trail(gateway)).toEqual([
        ['close-account', 'Spam.'],
        ['reopen-account', 'No spam.'],
      ])
    },
  )

  test('twice keeps the status that it had at first, and none is opened that is not closed', async () => {
    const { gateway, account } = await ada({ status: 'restricted' })
    const support = await staff(gateway, 'support')
    await gateway.post(CLOSE, support.token, { account })
    await gateway.post(CLOSE, support.token, { account })
    const reopened = await gateway.post(REOPEN, support.token, { account })
    expect(reopened.data).toEqual({ reopenAccount: { status: 'RESTRICTED' } })
    expect((await gateway.post(REOPEN, support.token, { account })).data).toEqual({
      reopenAccount: { code: 'ACCOUNT_STATE' },
    })
  })

  test('is never one’s own, nor an admin’s where support asks', async () => {
    const { gateway } = await ada()
    const support = await staff(gateway, 'support')
    const admin = await staff(gateway, 'admin')
    expect((await gateway.post(CLOSE, support.token, { account: support.account })).codes).toEqual([
      'INPUT_INVALID',
    ])
    expect((await gateway.post(CLOSE, support.token, { account: admin.account })).data).toEqual({
      closeAccount: { code: 'NOT_FOUND' },
    })
    expect((await gateway.post(CLOSE, admin.token, { account: support.account })).data).toEqual({
      closeAccount: { status: 'DISABLED', profile: { username: 'support-1' } },
    })
  })
})
