import {
  getNamedType,
  type GraphQLField,
  type GraphQLOutputType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql'

import type { CompileInput } from './compile-inputs.ts'
import { CostError } from './cost-error.ts'
import { readListSize, readWeight } from './read-cost.ts'
import { sizeOf } from './size-of.ts'
import type { FieldCost, InputValueCost, ListSize, TypeCost } from './type-cost.ts'

/** The price of a field of this coordinate. */
export type CompileField = (field: GraphQLField<unknown, unknown>, coordinate: string) => FieldCost

/** Prices fields: those that cost the same get the very same price. */
export function fieldCompiler(
  types: ReadonlyMap<string, TypeCost>,
  compileInput: CompileInput,
): CompileField {
  const known = new Map<string, FieldCost>()
  return (field, coordinate) => {
    const type = getNamedType(field.type)
    const output = types.get(type.name)
    if (output === undefined) throw new CostError(`${type.name} is no output type`, coordinate)
    const listSize = readListSize(field, coordinate)
    const inputs = field.args.map((argument) =>
      compileInput(argument, `${coordinate}(${argument.name}:)`),
    )
    const counting = inputs.filter((input) => counts(input, listSize))
    const price = {
      weight: readWeight(field, coordinate) ?? (isLeafType(type) ? 0 : 1),
      arguments: counting,
      output,
      isList: isList(field.type),
      listSize,
    }
    const key = keyOf(price)
    const same = known.get(key)
    if (same !== undefined) return same
    const added = { id: known.size, ...price }
    known.set(key, added)
    return added
  }
}

function counts(input: InputValueCost, listSize: ListSize | null): boolean {
  if (input.weight !== 0 || input.inside !== null) return true
  return listSize !== null && listSize.slicingArguments.includes(input.name)
}

function isList(type: GraphQLOutputType): boolean {
  return isNonNullType(type) ? isList(type.ofType) : isListType(type)
}

function keyOf({ weight, output, isList: list, ...rest }: Omit<FieldCost, 'id'>): string {
  const head = `${output.name} ${weight} ${list}`
  if (rest.listSize === null && rest.arguments.length === 0) return head
  const inputs = rest.arguments.map((input) => [
    input.name,
    input.weight,
    input.inside?.name,
    input.absentCost,
    sizeOf(input.defaultValue),
  ])
  const sized = [...(rest.listSize?.sizedFields ?? [])]
  return `${head} ${JSON.stringify([inputs, rest.listSize, sized])}`
}
