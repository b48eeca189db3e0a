import { type DirectiveNode, Kind, type SelectionNode } from 'graphql'

/** Coerced variables of a request. */
export type Variables = Readonly<Record<string, unknown>>

/** A choice that values of variables made for the plan: whoever makes the same choices may use the same plan. */
export interface Decision {
  readonly read: (variables: Variables) => string
  readonly value: string
}

/** Whether these variables lead to the plan that took these decisions. */
export function decidesAlike(decisions: readonly Decision[], variables: Variables): boolean {
  return decisions.every(({ read, value }) => read(variables) === value)
}

/** The variables of the request that a plan is made for, as far as they decide what the plan looks like. */
export class Shape {
  readonly decisions: Decision[] = []
  #variables: Variables
  readonly #switches = new Map<string, boolean>()

  constructor(variables: Variables) {
    this.#variables = variables
  }

  /** What `read` says of the variables; the plan holds for requests of which it says the same. */
  decide(read: (variables: Variables) => string): string {
    const value = read(this.#variables)
    this.decisions.push({ read, value })
    return value
  }

  /** Lets go of the variables: plans refer to their shape, and outlive the request that they were made for. */
  release(): void {
    this.#variables = {}
  }

  /** Whether `@skip` and `@include` leave the selection in. */
  includes(selection: SelectionNode): boolean {
    return (selection.directives ?? []).every((directive) => {
      if (directive.name.value === 'skip') return !this.#isOn(directive)
      return directive.name.value !== 'include' || this.#isOn(directive)
    })
  }

  #isOn(directive: DirectiveNode): boolean {
    const condition = directive.arguments?.find((argument) => argument.name.value === 'if')?.value
    if (condition?.kind === Kind.BOOLEAN) return condition.value
    if (condition?.kind !== Kind.VARIABLE) return false
    const name = condition.name.value
    const known = this.#switches.get(name)
    if (known !== undefined) return known
    const on = this.decide((variables) => String(variables[name] === true)) === 'true'
    this.#switches.set(name, on)
    return on
  }
}
