import { type FieldNode, getArgumentValues, type GraphQLField, Kind, visit, BREAK } from 'graphql'
import type { Shape, Variables } from './shape.ts'
import type { ArgumentValues } from './source.ts'

/** The arguments of one field of the operation, read for every request; literals are read once. */
export class FieldArguments {
  readonly #read: (variables: Variables) => ArgumentValues
  readonly #shape: Shape
  /** The values where no variable takes part, else null. */
  readonly literal: ArgumentValues | null

  constructor(field: GraphQLField<unknown, unknown>, [node]: readonly FieldNode[], shape: Shape) {
    if (node === undefined) throw new Error(`Nobody asks for ${field.name}.`)
    const read = (variables: Variables) => getArgumentValues(field, node, variables)
    this.literal = hasVariable(node) ? null : Object.freeze(read({}))
    this.#read = lastOnly(read)
    this.#shape = shape
  }

  values(variables: Variables): ArgumentValues {
    return this.literal ?? this.#read(variables)
  }

  /** What `read` says of the values; part of the plan's shape where variables take part. */
  decide(read: (values: ArgumentValues) => string): string {
    if (this.literal !== null) return read(this.literal)
    return this.#shape.decide((variables) => read(this.#read(variables)))
  }
}

function hasVariable(node: FieldNode): boolean {
  let found = false
  for (const argument of node.arguments ?? []) {
    visit(argument, {
      [Kind.VARIABLE]() {
        found = true
        return BREAK
      },
    })
  }
  return found
}

/** One request reads the same arguments several times, and never those of another in between. */
function lastOnly(
  read: (variables: Variables) => ArgumentValues,
): (variables: Variables) => ArgumentValues {
  let variables: Variables | null = null
  let values: ArgumentValues = {}
  return (asked) => {
    if (asked !== variables) {
      values = read(asked)
      variables = asked
    }
    return values
  }
}
