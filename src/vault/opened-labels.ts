/** Names of usual length take some 40 MB. */
const ENTRIES_MAX = 100_000
const LIFE_MS = 10 * 60_000
/** Looking at the clock for every label would cost a good part of what remembering it saves. */
const LOOKS_PER_CHECK = 1_024

interface OpenedLabel {
  readonly place: string
  readonly plain: string
}

/**
 * Labels that were opened lately: opening one takes ten times as long as remembering it, and a list opens hundreds. A
 * sealed text never changes its meaning, so nothing here grows stale; it is remembered for the place where it opened, and
 * for no other. What is full takes in no more, because whoever walks through long lists would only push out what the
 * next one needs; and all of it is forgotten after ten minutes.
 */
export class OpenedLabels {
  readonly #entries = new Map<string, OpenedLabel>()
  readonly #now: () => number
  #since: number
  #looks = 0

  /** `now` gives monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now
    this.#since = now()
  }

  get(sealed: string, place: string): string | undefined {
    this.#looks += 1
    if (this.#looks % LOOKS_PER_CHECK === 0) this.#forgetInTime()
    const entry = this.#entries.get(sealed)
    return entry?.place === place ? entry.plain : undefined
  }

  set(sealed: string, place: string, plain: string): void {
    if (this.#entries.size >= ENTRIES_MAX) return
    // Both texts are cut out of an answer, which would stay in memory with them: copies do not hold on to it.
    this.#entries.set(copyOf(sealed), { place: copyOf(place), plain })
  }

  #forgetInTime(): void {
    const now = this.#now()
    if (now - this.#since < LIFE_MS) return
    this.#entries.clear()
    this.#since = now
  }
}

function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}
