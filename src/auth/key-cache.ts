import { hash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { KeyRecord } from './read-key.ts'
import { createShortLivedMap, type ShortLivedMap } from './short-lived-map.ts'

/** What this process knows of keys, for as long as it may trust it. Holds no key text, except while it asks. */
export interface KeyCache {
  /** The record, null where there is no such key: at once while it is known, else as soon as it was read. */
  find(key: string): KeyRecord | null | Promise<KeyRecord | null>
  /** Whether this process has found the key within the last hour: it is no guess, whatever became of it since. */
  hasFound(key: string): boolean
  /** Drops what is known of the key or of the account's keys with this id (UUID). */
  forget(id: string): void
  clear(): void
}

export interface KeyCacheOptions {
  readonly read: (key: string) => Promise<KeyRecord | null>
  readonly clock: Clock
}

/** A cache that holds at most 10 000 keys and as many guesses, none of them longer than 5 s. */
export function createKeyCache(options: KeyCacheOptions): KeyCache {
  return new ReadThroughKeyCache(options)
}

const LIMITS = { maxEntries: 10_000, lifeMs: 5000 }
const FOUND_LIMITS = { maxEntries: 50_000, lifeMs: 3_600_000 }

class ReadThroughKeyCache implements KeyCache {
  readonly #options: KeyCacheOptions
  readonly #known: ShortLivedMap<KeyRecord> = createShortLivedMap(LIMITS)
  // Apart from the known ones, so that a flood of guesses crowds out nothing but guesses.
  readonly #unknown: ShortLivedMap<null> = createShortLivedMap(LIMITS)
  readonly #found: ShortLivedMap<true> = createShortLivedMap(FOUND_LIMITS)
  readonly #reading = new Map<string, Promise<KeyRecord | null>>()

  constructor(options: KeyCacheOptions) {
    this.#options = options
  }

  find(key: string): KeyRecord | null | Promise<KeyRecord | null> {
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
    this.#known.deleteWhere(({ principal }) => principal.keyId === id || principal.accountId === id)
    // A statement under way may still see the key as it was. Its waiters came before the change; nobody else may join.
    this.#reading.clear()
  }

  clear(): void {
    this.#known.clear()
    this.#unknown.clear()
    this.#reading.clear()
  }

  #read(name: string, key: string, now: number): Promise<KeyRecord | null> {
    const reading = this.#options.read(key).then(
      (record) => {
        if (this.#end(name, reading)) this.#keep(name, record, now)
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
  #end(name: string, reading: Promise<KeyRecord | null>): boolean {
    return this.#reading.get(name) === reading && this.#reading.delete(name)
  }

  /** As of the moment before the statement was sent: the account may have changed while the answer was on its way. */
  #keep(name: string, record: KeyRecord | null, now: number): void {
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
