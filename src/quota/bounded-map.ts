/** A map of at most so many entries: the one that was written longest ago gives way. */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>()
  readonly #entriesMax: number

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key)
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < this.#entriesMax) break
      this.#entries.delete(oldest)
    }
    this.#entries.set(key, value)
  }

  values(): Iterable<Value> {
    return this.#entries.values()
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }
}
