import { createRandom } from '../../src/seed/random.ts'

/** Small decisions, one after the other; 0 makes the simplest thing. */
export class Choices {
  readonly #next: () => number

  /** Draws from whole numbers from 0. */
  constructor(next: () => number) {
    this.#next = next
  }

  /** These numbers, then 0 for ever: smaller and fewer ones make simpler things, so that a failure shrinks. */
  static listed(numbers: readonly number[]): Choices {
    let position = 0
    return new Choices(() => numbers[position++] ?? 0)
  }

  /** Without end, the same for the same seed. */
  static seeded(seed: number): Choices {
    const random = createRandom(seed)
    return new Choices(() => random.below(1000))
  }

  /** From 0 to below this. */
  choose(below: number): number {
    return this.#next() % below
  }

  oneOf<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('There is nothing to choose from.')
    // In bounds; undefined may be one of the items.
    return items[this.choose(items.length)] as T
  }

  /** False for the smallest choice, true in one of so many cases. */
  rarely(oneIn: number): boolean {
    return this.choose(oneIn) === oneIn - 1
  }

  /** Each item in one of so many cases. */
  some<T>(items: readonly T[], oneIn: number): T[] {
    return items.filter(() => this.rarely(oneIn))
  }
}
