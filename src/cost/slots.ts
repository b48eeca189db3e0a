import type { SizeSlot, Structure, VariableAmount } from './structure.ts'
import type { Variables } from './variables.ts'

/** Hands out slots for amounts: one for each that stays, one for each that variables have a say in. */
export class Slots {
  readonly #constants = new Map<number, number>()
  readonly #fixed: { slot: number; value: number }[] = []
  readonly #amounts: VariableAmount[] = []
  readonly #sizes: SizeSlot[] = []
  #count = 0

  constant(value: number): number {
    const known = this.#constants.get(value)
    if (known !== undefined) return known
    const slot = this.#fix(value)
    this.#constants.set(value, slot)
    return slot
  }

  variable(read: (variables: Variables) => number): number {
    const slot = this.#count++
    this.#amounts.push({ slot, read })
    return slot
  }

  /** Sizes never share a slot: each can be tried with another value. */
  size(sizing: Omit<SizeSlot, 'slot'>, read: number | ((variables: Variables) => number)): number {
    const slot = typeof read === 'number' ? this.#fix(read) : this.variable(read)
    this.#sizes.push({ slot, ...sizing })
    return slot
  }

  all(): Pick<Structure, 'slots' | 'constants' | 'amounts' | 'sizes'> {
    return {
      slots: this.#count,
      constants: this.#fixed,
      amounts: this.#amounts,
      sizes: this.#sizes,
    }
  }

  #fix(value: number): number {
    const slot = this.#count++
    this.#fixed.push({ slot, value })
    return slot
  }
}
