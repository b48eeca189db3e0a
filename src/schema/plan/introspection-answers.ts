/** What was asked of a schema, answered: its JSON text, and how many objects stand in it. */
export interface Introspected {
  readonly text: string
  readonly objects: number
}

/** Answers of one schema by their question, the least recently used forgotten first. They hold for everybody. */
export class IntrospectionAnswers {
  readonly #charactersMax: number
  readonly #known = new Map<string, Introspected | null>()
  #characters = 0

  constructor(charactersMax: number) {
    this.#charactersMax = charactersMax
  }

  /** Characters of all that is kept; never above the bound. */
  get characters(): number {
    return this.#characters
  }

  /** null where the answer is too large to be given; undefined where it is not known. */
  get(question: string): Introspected | null | undefined {
    const answer = this.#known.get(question)
    if (answer === undefined) return undefined
    this.#known.delete(question)
    this.#known.set(question, answer)
    return answer
  }

  /** Of a question that is not known. */
  remember(question: string, answer: Introspected | null): void {
    const characters = charactersOf(question, answer)
    if (characters > this.#charactersMax) return
    this.#known.set(question, answer)
    this.#characters += characters
    for (const [oldest, forgotten] of this.#known) {
      if (this.#characters <= this.#charactersMax) return
      this.#known.delete(oldest)
      this.#characters -= charactersOf(oldest, forgotten)
    }
  }
}

function charactersOf(question: string, answer: Introspected | null): number {
  return question.length + (answer?.text.length ?? 0)
}
