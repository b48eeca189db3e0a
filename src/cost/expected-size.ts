import { type FieldNode, Kind } from 'graphql'

import { sizeOf } from './size-of.ts'
import type { FieldCost, ListSize } from './type-cost.ts'
import { constantOf, type ReadVariable, type Variables } from './variables.ts'

/** What a field says of the size of its answer. */
export interface ExpectedSize {
  readonly node: FieldNode
  readonly field: FieldCost
  readonly listSize: ListSize
  /** The largest size that slicing arguments say whatever the variables are; null where none does. */
  readonly constant: number | null
  readonly sizes: readonly VariableSize[]
  readonly read: ReadVariable
}

/** A slicing argument that is a variable. */
interface VariableSize {
  readonly variable: string
  /** What it says where the variable has no value. */
  readonly absent: number | null
}

/** Null where nothing is said of the field. */
export function expectedSize(
  field: FieldCost,
  node: FieldNode,
  read: ReadVariable,
): ExpectedSize | null {
  const { listSize } = field
  if (listSize === null) return null
  let constant: number | null = null
  const sizes: VariableSize[] = []
  for (const input of field.arguments) {
    if (!listSize.slicingArguments.includes(input.name)) continue
    const value = node.arguments?.find(({ name }) => name.value === input.name)?.value
    const absent = sizeOf(input.defaultValue)
    if (value?.kind === Kind.VARIABLE) sizes.push({ variable: value.name.value, absent })
    else constant = larger(constant, value === undefined ? absent : sizeOf(constantOf(value)))
  }
  return { node, field, listSize, constant, sizes, read }
}

/** The largest size that a slicing argument says, else the assumed one; null where nothing says any. */
export function readExpected(expected: ExpectedSize, variables: Variables): number | null {
  let largest = expected.constant
  for (const { variable, absent } of expected.sizes) {
    const value = expected.read(variable, variables)
    largest = larger(largest, value === undefined ? absent : sizeOf(value))
  }
  return largest ?? expected.listSize.assumedSize
}

function larger(known: number | null, size: number | null): number | null {
  return known === null || (size !== null && size > known) ? size : known
}

/** What each slicing argument of the field says, in the order of the list; null: nothing. */
export function saidBy(
  { field, node, listSize, read }: ExpectedSize,
  variables: Variables,
): readonly { readonly argument: string; readonly size: number | null }[] {
  return listSize.slicingArguments.flatMap((argument) => {
    const input = field.arguments.find(({ name }) => name === argument)
    if (input === undefined) return []
    const value = node.arguments?.find(({ name }) => name.value === argument)?.value
    const absent = sizeOf(input.defaultValue)
    if (value === undefined) return [{ argument, size: absent }]
    if (value.kind !== Kind.VARIABLE) return [{ argument, size: sizeOf(constantOf(value)) }]
    const given = read(value.name.value, variables)
    return [{ argument, size: given === undefined ? absent : sizeOf(given) }]
  })
}
