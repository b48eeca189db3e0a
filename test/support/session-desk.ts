import { createAuthenticator, type Provenance } from '../../src/auth/authenticate.ts'
import { createSessionTokens } from '../../src/auth/session-token/session-tokens.ts'
import { createSigningKeys } from '../../src/auth/session-token/signing-keys.ts'
import type { VerifyToken } from '../../src/auth/session-token/verified-token.ts'
import { connectDatabase } from '../../src/database/connect.ts'
import { ApiError } from '../../src/errors.ts'
import { PUBLIC_URL, testGateway, type TestGateway } from './gateway.ts'
import { whenDone } from './when-done.ts'

/** When the clock of a desk begins. */
export const START = Date.parse('2026-02-01T12:00:00Z')

/** A page of the service's own. */
export const PAGE: Provenance = {
  address: '192.0.2.1',
  origin: PUBLIC_URL,
  isCookieAllowed: true,
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
export const cookie = (token: string) => ({ cookie: `maat_access=${token}` })

type Headers = Parameters<ReturnType<typeof createAuthenticator>['authenticate']>[0]

/** A gateway whose clock stands until it is set, and authenticators over its database. */
export async function sessionDesk() {
  let now = START
  const clock = () => new Date(now)
  const gateway = await testGateway({ now: clock })
  const keys = createSigningKeys(gateway.vault)
  const tokens = createSessionTokens({ keys, issuer: PUBLIC_URL, clock })
  return {
    gateway,
    tokens,
    /** Milliseconds after START. */
    setTo: (afterMs: number) => {
      now = START + afterMs
    },
    authenticatorWith: (verifyToken: VerifyToken = tokens.verify) =>
      authenticatorOver(gateway, { clock, verifyToken }),
  }
}

/** An authenticator that knows tokens in this way, and how many of them it had verified and how many statements it sent. */
function authenticatorOver(
  { database, vault }: TestGateway,
  { clock, verifyToken }: { readonly clock: () => Date; readonly verifyToken: VerifyToken },
) {
  const count = { statements: 0, verified: 0 }
  const own = connectDatabase({ url: database.url, applicationName: 'maat' })
  // A statement takes a connection, and this pool serves nobody else.
  own.pool.on('acquire', () => (count.statements += 1))
  whenDone(own.close)
  const authenticator = createAuthenticator({
    database: own,
    vault,
    clock,
    verifyToken: (token) => {
      count.verified += 1
      return verifyToken(token)
    },
  })
  return {
    ...authenticator,
    count,
    /** What a client can see of the refusal; null where it is none. */
    refusal: async (headers: Headers, provenance = PAGE) => {
      const error = await Promise.resolve()
        .then(() => authenticator.authenticate(headers, provenance))
        .catch((thrown: unknown) => thrown)
      return error instanceof ApiError ? { status: error.status, ...error.toJSON() } : null
    },
  }
}
