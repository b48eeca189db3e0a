import type { FieldNode } from 'graphql'

import { costIn, type Evaluation, evaluate, run } from './evaluate.ts'
import { type ExpectedSize, readExpected, saidBy } from './expected-size.ts'
import { placed } from './estimated-shares.ts'
import { points, POINTS_MAX } from './points.ts'
import type { Variables } from './variables.ts'

/** A slicing argument with another value. */
export interface Page {
  /** Response path of the field, without list positions. */
  readonly path: string
  readonly argument: string
  readonly value: number
}

/** Lists that are tried. */
const LISTS_MAX = 50

/**
 * The largest value from 1 of one slicing argument with which the operation costs at most so many points, all else as it is:
 * of the outermost list that can do it. Null where none can, and where the operation costs no more as it is.
 */
export function largestPage(
  evaluation: Evaluation,
  variables: Variables,
  limit: number,
): Page | null {
  evaluate(evaluation, variables)
  if (points(costIn(evaluation)) <= limit) return null
  const tried = new Set<FieldNode>()
  const trial = trialOf(evaluation)
  for (const { path, alternative } of placed(evaluation)) {
    const { expected } = alternative
    const slice = expected === null ? null : decidingSlice(expected, variables)
    if (expected === null || slice === null || tried.has(expected.node)) continue
    if (tried.size >= LISTS_MAX) return null
    tried.add(expected.node)
    trial.registers.amounts.set(evaluation.registers.amounts)
    const costs = (value: number): number => {
      const size = Math.max(value, slice.others)
      return costWith({ trial, variables, node: expected.node, size })
    }
    const value = largestWithin(slice.now, (tryOut) => costs(tryOut) <= limit)
    if (value !== null) return { path, argument: slice.argument, value }
  }
  return null
}

/** Registers of its own, so that what does not vary is found unharmed. */
function trialOf({ structure, registers, all, open }: Evaluation): Evaluation {
  const { amounts, types, fields } = registers
  const copied = { amounts: amounts.slice(), types: types.slice(), fields: fields.slice() }
  return { structure, registers: copied, all, open }
}

interface Slice {
  readonly argument: string
  /** The size as it is. */
  readonly now: number
  /** What the other slicing arguments ask for; 0 where they say nothing. */
  readonly others: number
}

/** The argument that says the size, or the first that could. */
function decidingSlice(expected: ExpectedSize, variables: Variables): Slice | null {
  const said = saidBy(expected, variables)
  const [first] = said
  if (first === undefined) return null
  const deciding = said.reduce((most, one) => ((one.size ?? -1) > (most.size ?? -1) ? one : most))
  const others = said.filter((one) => one !== deciding).map(({ size }) => size ?? 0)
  const now = readExpected(expected, variables) ?? POINTS_MAX
  return { argument: deciding.argument, now, others: Math.max(0, ...others) }
}

interface Trial {
  readonly trial: Evaluation
  readonly variables: Variables
  readonly node: FieldNode
  readonly size: number
}

/** In points, where the lists that this node sizes hold so many. */
function costWith({ trial, variables, node, size }: Trial): number {
  for (const { slot, said, defaultSize } of trial.structure.sizes) {
    if (!said.some((expected) => expected?.node === node)) continue
    let amount: number | null = null
    for (const expected of said) {
      if (expected === null || amount !== null) continue
      amount = expected.node === node ? size : readExpected(expected, variables)
    }
    trial.registers.amounts[slot] = amount ?? defaultSize
  }
  run(trial.all, trial.registers)
  return points(costIn(trial))
}

/** The largest value below `now` that fits; what fits stays fitting below. Null where 1 does not. */
function largestWithin(now: number, fits: (value: number) => boolean): number | null {
  let fitting = 1
  let beyond = Math.min(now, POINTS_MAX)
  if (beyond <= fitting || !fits(fitting)) return null
  while (beyond - fitting > 1) {
    const middle = Math.floor((fitting + beyond) / 2)
    if (fits(middle)) fitting = middle
    else beyond = middle
  }
  return fitting
}
