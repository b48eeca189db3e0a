/** A map of at most so many entries: the one that was written longest ago gives way. */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>()
  readonly #entriesMax: number
  // Kept: a new one would walk over all that was deleted since the map grew last, thousands of entries for each that goes.
  readonly #oldest: Iterator<string>

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
    this.#oldest = this.#entries.keys()
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key)
    if (this.#entries.size >= this.#entriesMax) this.#deleteOldest()
    this.#entries.set(key, value)
  }

  values(): Iterable<Value> {
    return this.#entries.values()
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  #deleteOldest(): void {
    const { value, done } = this.#oldest.next()
    if (done !== true) this.#entries.delete(value)
  }
}
