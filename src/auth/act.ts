import type { Clock } from '../clock.ts'
import type { Database } from '../database/connect.ts'
import type { Vault } from '../vault/vault.ts'
import type { ReadFile } from '../measurements/formats/read-in-thread.ts'
import type { RandomBytes } from './api-key.ts'
import type { KeyLifetime } from './key-input.ts'
import type { Principal } from './principal.ts'
import type { SessionTokens } from './session-token/session-tokens.ts'
import type { Passwords } from './sign-in/passwords.ts'

/** What a process has for acts: the same for all requests. */
export interface Acts {
  readonly database: Pick<Database, 'kysely'>
  readonly vault: Vault
  readonly clock: Clock
  readonly random: RandomBytes
  /** How long an API key may live from its making. */
  readonly lifetime: KeyLifetime
  readonly passwords: Passwords
  readonly tokens: Pick<SessionTokens, 'issue'>
  /** Where people reach this service: links in mails begin with it. */
  readonly publicUrl: string
  /** Asks for mails to be looked after now rather than soon; after the transaction that asks for them. */
  readonly mailsWait: () => void
  /** Reads a file of measurement sets beside the requests, which do not wait for it. */
  readonly readSets: ReadFile
  /** This process asks the database again for what it remembers of the key, session or account with this id (UUID). */
  readonly forget: (id: string) => void
}

/** What is known of whoever sends a request, beside the principal. */
export interface Caller {
  /** Network of the client, as the budgets of anonymous clients name it. */
  readonly address: string
  /** What the client calls itself, cut to 300 characters; empty where it does not say. */
  readonly userAgent: string
  /** The refresh token of its cookie; null where there is none. */
  readonly refreshCookie: string | null
  /** The Idempotency-Key of the request; null where there is none. */
  readonly idempotencyKey: string | null
  /** Whether this request may set and use cookies: it comes from an allowed origin, and says so with the header for it. */
  readonly isCookieAllowed: boolean
}

/** Nobody in particular: requests that do not come over HTTP. */
export const UNKNOWN_CALLER: Caller = Object.freeze({
  address: '',
  userAgent: '',
  refreshCookie: null,
  idempotencyKey: null,
  isCookieAllowed: false,
})

/** An act, as a request asks for it. */
export interface AskedAct {
  /** Response name of the mutation's field: what tells two acts of one request apart. */
  readonly path: string
  readonly mutation: string
  /** Its arguments, as the API has read them. */
  readonly values: Asked
}

/** What one act may use: the process's own, and who asks for what. */
export interface ActContext extends Acts, AskedAct {
  readonly principal: Principal
  readonly caller: Caller
  /** Has the answer to this request set the cookies of a session, or clear them. */
  readonly setCookies: (cookies: SessionCookies | null) => void
}

/** What a browser keeps for a session. */
export interface SessionCookies {
  readonly accessToken: string
  readonly refreshToken: string
  /** Of each, from now. */
  readonly accessSeconds: number
  readonly refreshSeconds: number
}

/** What an act has come to: the object that its mutation answers. */
export interface Outcome {
  /** Name of an object type that the mutation can answer. */
  readonly type: string
  /** Members that the gateway holds, by field name. */
  readonly values?: Readonly<Record<string, unknown>>
  /** As `values`, and never stored: told once. */
  readonly secrets?: Readonly<Record<string, string>>
  /** A problem whose traces stay: a guess that was counted, a session that was ended for it. */
  readonly isKept?: true
  /** UUIDs of other accounts, keys or sessions that it changed. */
  readonly forgets?: readonly string[]
  /** UUIDs of rows that fields of the answer are read from, by field name. */
  readonly rows?: Readonly<Record<string, string>>
  /** UUIDs of several rows that one field of the answer is read from, by field name. */
  readonly rowLists?: Readonly<Record<string, readonly string[]>>
}

/** The arguments of an act that reads them itself: fit for the types of the API, and no more is known of them. */
export type Asked = Readonly<Record<string, unknown>>

/** The account of a principal that holds a scope above public. */
export function accountOf({ principal }: Pick<ActContext, 'principal'>): string {
  if (principal.accountId === null) throw new Error('An act ran for nobody.')
  return principal.accountId
}
