import type { Cost } from './points.ts'
import type { Alternative, Group, Scope, Structure } from './structure.ts'
import type { Variables } from './variables.ts'

/** A scope as it is evaluated: what stays is summed up, the rest is left to do. */
interface Step {
  readonly index: number
  readonly regions: readonly {
    readonly typeCost: number
    readonly fieldCost: number
    readonly groups: readonly Group[]
  }[]
}

/** The numbers of an evaluation. Filled anew by each, so that none allocates. */
export interface Registers {
  /** Amounts by slot. */
  readonly amounts: Float64Array
  /** Type part and field part by scope. */
  readonly types: Float64Array
  readonly fields: Float64Array
}

export interface Evaluation {
  readonly structure: Structure
  readonly registers: Registers
  /** Every scope. */
  readonly all: readonly Step[]
  /** Those in which variables have a say. */
  readonly open: readonly Step[]
}

/** A structure made ready: whatever no variable has a say in is worked out. */
export function prepare(structure: Structure): Evaluation {
  const registers = {
    amounts: new Float64Array(structure.slots),
    types: new Float64Array(structure.scopes.length),
    fields: new Float64Array(structure.scopes.length),
  }
  for (const { slot, value } of structure.constants) registers.amounts[slot] = value
  const openSlots = new Set(structure.amounts.map(({ slot }) => slot))
  const openScopes = new Set<Scope>()
  const isOpen = ({ alternatives }: Group) =>
    alternatives.some(
      ({ call, size, child }) =>
        openSlots.has(call) || openSlots.has(size) || openScopes.has(child),
    )
  const all: Step[] = []
  const open: Step[] = []
  for (const scope of structure.scopes) {
    const whole = wholeStep(scope)
    all.push(whole)
    if (scope.regions.some(({ groups }) => groups.some(isOpen))) {
      openScopes.add(scope)
      open.push(openStep(scope, isOpen, registers))
    } else {
      run([whole], registers)
    }
  }
  return { structure, registers, all, open }
}

/** Evaluates for these variables; the result lies in the registers, at the index of the root's scope. */
export function evaluate(evaluation: Evaluation, variables: Variables): void {
  readAmounts(evaluation, variables)
  run(evaluation.open, evaluation.registers)
}

/** The amounts alone: what scopes cost is left as it was. */
export function readAmounts({ structure, registers }: Evaluation, variables: Variables): void {
  for (const { slot, read } of structure.amounts) registers.amounts[slot] = read(variables)
}

/** What the registers say of the whole operation. */
export function costIn({ structure, registers }: Evaluation): Cost {
  const { rootWeight, root } = structure
  return {
    typeCost: Math.max(0, rootWeight + at(registers.types, root.index)),
    fieldCost: at(registers.fields, root.index),
  }
}

/** Works the steps out, children before parents. */
export function run(steps: readonly Step[], registers: Registers): void {
  for (const { index, regions } of steps) {
    let mostTypes = 0
    let mostFields = 0
    for (const { typeCost, fieldCost, groups } of regions) {
      let types = typeCost
      let fields = fieldCost
      for (const { alternatives } of groups) {
        types += typePart(alternatives, registers)
        fields += fieldPart(alternatives, registers)
      }
      if (types > mostTypes) mostTypes = types
      if (fields > mostFields) mostFields = fields
    }
    registers.types[index] = mostTypes
    registers.fields[index] = mostFields
  }
}

/** Nothing times anything is nothing, without bound too. */
export function times(count: number, each: number): number {
  return count === 0 || each === 0 ? 0 : count * each
}

function typePart(alternatives: readonly Alternative[], registers: Registers): number {
  let most = 0
  for (const { weight, size, child } of alternatives) {
    const each = weight + at(registers.types, child.index)
    const part = times(at(registers.amounts, size), each)
    if (part > most) most = part
  }
  return most
}

function fieldPart(alternatives: readonly Alternative[], registers: Registers): number {
  let most = 0
  for (const { call, size, child } of alternatives) {
    const each = at(registers.fields, child.index)
    const part = at(registers.amounts, call) + times(at(registers.amounts, size), each)
    if (part > most) most = part
  }
  return most
}

/** The number at an index that is in bounds. */
export function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? Number.NaN
}

function wholeStep({ index, regions }: Scope): Step {
  return { index, regions: regions.map(({ groups }) => ({ typeCost: 0, fieldCost: 0, groups })) }
}

function openStep(
  { index, regions }: Scope,
  isOpen: (group: Group) => boolean,
  registers: Registers,
): Step {
  const parts = regions.map(({ groups }) => {
    const closed = groups.filter((group) => !isOpen(group))
    return {
      typeCost: closed.reduce((sum, group) => sum + typePart(group.alternatives, registers), 0),
      fieldCost: closed.reduce((sum, group) => sum + fieldPart(group.alternatives, registers), 0),
      groups: groups.filter(isOpen),
    }
  })
  return { index, regions: parts }
}
