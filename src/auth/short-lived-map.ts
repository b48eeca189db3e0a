/** Entries that are all worth the same, short time; the oldest give way where there is no more room. */
export interface ShortLivedMap<Value> {
  readonly size: number
  /** The value, while it is younger than its life; undefined otherwise. Times in milliseconds. */
  get(key: string, now: number): Value | undefined
  /** Holds the value as of `readAt`. Drops what outlived its time. */
  set(key: string, value: Value, readAt: number): void
  deleteWhere(matches: (value: Value) => boolean): void
  clear(): void
}

export interface ShortLivedMapLimits {
  readonly maxEntries: number
  readonly lifeMs: number
}

export function createShortLivedMap<Value>(limits: ShortLivedMapLimits): ShortLivedMap<Value> {
  return new BoundedShortLivedMap<Value>(limits)
}

interface Entry<Value> {
  readonly value: Value
  readonly readAt: number
}

class BoundedShortLivedMap<Value> implements ShortLivedMap<Value> {
  readonly #limits: ShortLivedMapLimits
  // A map iterates in the order of insertion, and lives are equally long: its first entry is its oldest.
  readonly #entries = new Map<string, Entry<Value>>()

  constructor(limits: ShortLivedMapLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string, now: number): Value | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && this.#lives(entry, now) ? entry.value : undefined
  }

  set(key: string, value: Value, readAt: number): void {
    this.#entries.delete(key)
    for (const [oldest, entry] of this.#entries) {
      if (this.#lives(entry, readAt) && this.#entries.size < this.#limits.maxEntries) break
      this.#entries.delete(oldest)
    }
    this.#entries.set(key, { value, readAt })
  }

  deleteWhere(matches: (value: Value) => boolean): void {
    for (const [key, entry] of this.#entries) {
      if (matches(entry.value)) this.#entries.delete(key)
    }
  }

  clear(): void {
    this.#entries.clear()
  }

  #lives(entry: Entry<Value>, now: number): boolean {
    const age = now - entry.readAt
    // A clock that was set back would make an entry live longer than it may: a negative age is as good as none.
    return age >= 0 && age < this.#limits.lifeMs
  }
}
