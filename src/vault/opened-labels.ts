/** Entries of one generation; two generations of names of usual length take some 20 MB. */
const GENERATION = 32_768

interface OpenedLabel {
  readonly place: string
  readonly plain: string
}

/**
 * Labels that were opened lately: opening one takes ten times as long as remembering it, and a list opens hundreds. A
 * sealed text never changes its meaning, so nothing here ever grows stale; it only is remembered for the place where it
 * opened, and for no other. The labels used longest ago are forgotten, a generation at a time.
 */
export class OpenedLabels {
  #young = new Map<string, OpenedLabel>()
  #old = new Map<string, OpenedLabel>()

  get(sealed: string, place: string): string | undefined {
    const young = this.#young.get(sealed)
    if (young !== undefined) return young.place === place ? young.plain : undefined
    const old = this.#old.get(sealed)
    if (old === undefined || old.place !== place) return undefined
    this.#keep(sealed, old)
    return old.plain
  }

  set(sealed: string, place: string, plain: string): void {
    // Both texts are cut out of an answer, which would stay in memory with them: copies do not hold on to it.
    this.#keep(copyOf(sealed), { place: copyOf(place), plain })
  }

  #keep(sealed: string, label: OpenedLabel): void {
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(sealed, label)
  }
}

function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}
