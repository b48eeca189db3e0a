import { beforeEach, describe, expect, test } from 'vitest'

import type { ExternalToken } from '../../../src/auth/session-token/verified-token.ts'
import { apiError } from '../../../src/errors.ts'
import { bearer, sessionDesk, START } from '../../support/session-desk.ts'

const { gateway, setTo, authenticatorWith } = await sessionDesk()
const { account } = gateway

beforeEach(() => setTo(0))

const NOBODY = await authenticatorWith().refusal({ authorization: 'Bearer nothing' })

/** An authenticator that is told that every token names this account for a minute. */
function external(named: ExternalToken['account']) {
  return authenticatorWith(() =>
    Promise.resolve({
      kind: 'external',
      issuer: 'https://issuer.example',
      account: named,
      expiresAtMs: START + 60_000,
    }),
  )
}

describe('a token of another issuer', () => {
  test('makes the principal of the account that it names, without a session', async () => {
    const id = await account({ username: 'Grace', username_key: 'grace' })
    for (const named of [{ id }, { usernameKey: 'grace' }]) {
      expect(await external(named).authenticate(bearer('a.b.c'))).toMatchObject({
        standing: { kind: 'session', level: 4 },
        accountId: id,
        keyId: null,
        sessionId: null,
      })
    }
  })

  test('that names no account is refused as any other', async () => {
    const nobody = '019a0000-0000-7000-8000-00000000dead'
    for (const named of [{ id: nobody }, { usernameKey: 'nobody' }]) {
      expect(await external(named).refusal(bearer('a.b.c'))).toEqual(NOBODY)
    }
  })

  test('is capped by the state of the account', async () => {
    const id = await account({ status: 'disabled', role: 'admin' })
    const { standing } = await external({ id }).authenticate(bearer('a.b.c'))
    expect(standing.level).toBe(0)
  })

  test('is refused from the moment that it expires', async () => {
    const { refusal } = external({ id: await account() })
    setTo(59_999)
    expect(await refusal(bearer('a.b.c'))).toBeNull()
    setTo(60_000)
    expect(await refusal(bearer('a.b.c'))).toEqual(NOBODY)
  })

  test('whose keys are out of reach is neither good nor bad', async () => {
    const { refusal } = authenticatorWith(() => Promise.reject(apiError('UNAVAILABLE')))
    expect(await refusal(bearer('a.b.c'))).toMatchObject({ status: 503 })
  })
})
