import { sql } from 'kysely'
import { apiError } from '../../errors.ts'
import { normalizeLabel, type Vault } from '../../vault/vault.ts'
import type { Acts } from '../act.ts'

/** A bucket: so many at once, and one back in so many seconds. */
interface GuessLimit {
  readonly capacity: number
  readonly secondsBack: number
}

/** What is guessed at or asked for, and how often: per account, and per client network. null: not limited by it. */
export const GUESS_LIMITS = {
  'sign-in': {
    account: { capacity: 10, secondsBack: 60 },
    address: { capacity: 30, secondsBack: 20 },
  },
  'second-factor': {
    account: { capacity: 5, secondsBack: 60 },
    address: { capacity: 30, secondsBack: 20 },
  },
  'sign-up': {
    account: { capacity: 3, secondsBack: 1200 },
    address: { capacity: 5, secondsBack: 17_280 },
  },
  'mailed-link': {
    account: { capacity: 3, secondsBack: 1200 },
    address: { capacity: 20, secondsBack: 180 },
  },
} as const satisfies Record<string, { readonly account: GuessLimit; readonly address: GuessLimit }>

export type GuessKind = keyof typeof GUESS_LIMITS

export interface Guess {
  readonly kind: GuessKind
  /** Name, address or id of the account, as it was given: whether there is such an account changes nothing. null: nobody's. */
  readonly account: string | null
  /** Network of the client; null or empty where it is not counted. */
  readonly address: string | null
}

/**
 * Draws one from the bucket of the account and from that of the network, or from neither.
 * @throws {ApiError} RATE_LIMITED, with the wait
 */
export async function takeGuess(
  { database, vault }: Pick<Acts, 'database' | 'vault'>,
  guess: Guess,
): Promise<void> {
  const buckets = bucketsOf(vault, guess)
  if (buckets.length === 0) return
  const { rows } = await sql<{ wait_seconds: number }>`select wait_seconds from guess_take(
    ${buckets.map(({ subject }) => subject)}::text[],
    ${buckets.map(({ limit }) => limit.capacity)}::float8[],
    ${buckets.map(({ limit }) => 1 / limit.secondsBack)}::float8[])`.execute(database.kysely)
  const waitSeconds = rows[0]?.wait_seconds ?? 0
  if (waitSeconds === 0) return
  throw apiError('RATE_LIMITED', {
    message: 'Too many attempts in too short a time. Wait, then try again.',
    extensions: { partition: 'attempts', retryAfterSeconds: Math.max(1, Math.ceil(waitSeconds)) },
  })
}

/** Of the slowest bucket, which takes a day to empty, nothing is left by then. */
const FORGOTTEN_AFTER = '2 days'
const DROPPED_AT_ONCE = 10_000

/** Forgets buckets that are empty again, the first 10 000 of them; tells how many those were. */
export async function dropOldGuesses({ database }: Pick<Acts, 'database'>): Promise<number> {
  // By the clock that filled them. Those that somebody draws on at this moment are left alone.
  const { numAffectedRows = 0n } = await sql`delete from guess where subject in (
    select subject from guess where at < clock_timestamp() - ${FORGOTTEN_AFTER}::interval
    limit ${DROPPED_AT_ONCE} for update skip locked)`.execute(database.kysely)
  return Number(numAffectedRows)
}

interface Bucket {
  readonly subject: string
  readonly limit: GuessLimit
}

/** Named by a digest: neither names nor addresses are kept. */
function bucketsOf({ pepper }: Vault, { kind, account, address }: Guess): readonly Bucket[] {
  const limits = GUESS_LIMITS[kind]
  const subject = (by: string, name: string): string =>
    pepper.digest(`guess/${kind}/${by}/${name}`).toString('base64url')
  return [
    ...(account === null
      ? []
      : [{ subject: subject('account', normalizeLabel(account)), limit: limits.account }]),
    ...(address === null || address === ''
      ? []
      : [{ subject: subject('address', address), limit: limits.address }]),
  ]
}
