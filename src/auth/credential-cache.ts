import { hash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Principal } from './principal.ts'
import { createShortLivedMap, type ShortLivedMap } from './short-lived-map.ts'

/** What is known of a credential. */
export interface CredentialRecord {
  readonly principal: Principal
}

/** What this process knows of credentials of one kind, for as long as it may trust it. Holds no text of them, except while it asks. */
export interface CredentialCache<Found extends CredentialRecord> {
  /** The record, null where there is no such credential: at once while it is known, else as soon as it was read. */
  find(text: string): Found | null | Promise<Found | null>
  /** Whether this process has found it within the last hour: it is no guess, whatever became of it since. */
  hasFound(text: string): boolean
  /** Drops what is known of the key, the session or the account's credentials with this id (UUID). */
  forget(id: string): void
  clear(): void
}

export interface CredentialCacheOptions<Found extends CredentialRecord> {
  readonly read: (text: string) => Promise<Found | null>
  readonly clock: Clock
}

/** A cache that holds at most 10 000 credentials and as many guesses, none of them longer than 5 s. */
export function createCredentialCache<Found extends CredentialRecord>(
  options: CredentialCacheOptions<Found>,
): CredentialCache<Found> {
  return new ReadThroughCache(options)
}

const LIMITS = { maxEntries: 10_000, lifeMs: 5000 }
const FOUND_LIMITS = { maxEntries: 50_000, lifeMs: 3_600_000 }

class ReadThroughCache<Found extends CredentialRecord> implements CredentialCache<Found> {
  readonly #options: CredentialCacheOptions<Found>
  readonly #known: ShortLivedMap<Found> = createShortLivedMap(LIMITS)
  // Apart from the known ones, so that a flood of guesses crowds out nothing but guesses.
  readonly #unknown: ShortLivedMap<null> = createShortLivedMap(LIMITS)
  readonly #found: ShortLivedMap<true> = createShortLivedMap(FOUND_LIMITS)
  readonly #reading = new Map<string, Promise<Found | null>>()

  constructor(options: CredentialCacheOptions<Found>) {
    this.#options = options
  }

  find(key: string): Found | null | Promise<Found | null> {
    const name = nameOf(key)
    const now = this.#options.clock().getTime()
    const cached = this.#known.get(name, now) ?? this.#unknown.get(name, now)
    if (cached !== undefined) return cached
    return this.#reading.get(name) ?? this.#read(name, key, now)
  }

  hasFound(key: string): boolean {
    return this.#found.get(nameOf(key), this.#options.clock().getTime()) !== undefined
  }

  forget(id: string): void {
    this.#known.deleteWhere(
      ({ principal }) =>
        principal.keyId === id || principal.sessionId === id || principal.accountId === id,
    )
    // A statement under way may still see the key as it was.
    this.#reading.clear()
  }

  clear(): void {
    this.#known.clear()
    this.#unknown.clear()
    this.#reading.clear()
  }

  #read(name: string, key: string, now: number): Promise<Found | null> {
    const reading = this.#options.read(key).then(
      (record) => {
        // It may have seen what was before the change: whoever waits is told what holds now.
        if (!this.#end(name, reading)) return this.find(key)
        this.#keep(name, record, now)
        return record
      },
      (error: unknown) => {
        this.#end(name, reading)
        throw error
      },
    )
    this.#reading.set(name, reading)
    return reading
  }

  /** False where the reading was given up in the meantime: what it found may be outdated. */
  #end(name: string, reading: Promise<Found | null>): boolean {
    return this.#reading.get(name) === reading && this.#reading.delete(name)
  }

  /** As of the moment before the statement was sent: the account may have changed while the answer was on its way. */
  #keep(name: string, record: Found | null, now: number): void {
    if (record === null) this.#unknown.set(name, null, now)
    else {
      this.#known.set(name, record, now)
      this.#found.set(name, true, now)
    }
  }
}

/** The peppered digest costs eight times as much, and says no more about a key that no guess can reach. */
function nameOf(key: string): string {
  return hash('sha256', key, 'base64')
}
