import {
  type ArgumentNode,
  BREAK,
  type FieldNode,
  getArgumentValues,
  type GraphQLField,
  GraphQLError,
  Kind,
  valueFromAST,
  visit,
} from 'graphql'
import { apiError, type Problem } from '../../errors.ts'
import type { Shape, Variables } from './shape.ts'
import type { ArgumentValues } from './source.ts'

/** The arguments of one field of the operation, read for every request; literals are read once. */
export class FieldArguments {
  readonly #read: (variables: Variables) => ArgumentValues
  readonly #shape: Shape
  readonly #field: GraphQLField<unknown, unknown>
  readonly #node: FieldNode
  /** The values where no variable takes part, else null. */
  readonly literal: ArgumentValues | null

  constructor(field: GraphQLField<unknown, unknown>, [node]: readonly FieldNode[], shape: Shape) {
    if (node === undefined) throw new Error(`Nobody asks for ${field.name}.`)
    const read = (variables: Variables) => readArguments(field, node, variables)
    this.#field = field
    this.#node = node
    this.literal = node.arguments?.some(hasVariable) === true ? null : Object.freeze(read({}))
    this.#read = onceFor(read)
    this.#shape = shape
  }

  values(variables: Variables): ArgumentValues {
    return this.literal ?? this.#read(variables)
  }

  /** The values of these arguments where no variable takes part in them, whatever takes part in others; else null. */
  literalOf(names: readonly string[]): ArgumentValues | null {
    const given = this.#node.arguments?.filter(({ name }) => names.includes(name.value)) ?? []
    if (given.some(hasVariable)) return null
    const types = new Map(this.#field.args.map(({ name, type }) => [name, type]))
    return Object.fromEntries(
      given.flatMap(({ name, value }) => {
        const type = types.get(name.value)
        return type === undefined ? [] : [[name.value, valueFromAST(value, type)]]
      }),
    )
  }

  /** Values that are accepted nowhere, each by the argument of this response path that it is in. */
  problems(variables: Variables, path: string): readonly Problem[] {
    return Object.entries(this.values(variables)).flatMap(([argument, value]) => {
      const message = faultOf(value)
      return message === null ? [] : [{ code: 'INPUT_INVALID', path, argument, message }]
    })
  }

  /** What `read` says of the values; part of the plan's shape where variables take part. */
  decide(read: (values: ArgumentValues) => string): string {
    if (this.literal !== null) return read(this.literal)
    return this.#shape.decide((variables) => read(this.#read(variables)))
  }
}

/**
 * The coerced arguments of a field.
 * @throws {ApiError} VARIABLE_INVALID where a variable is null and the argument may not be: its default alone fits
 */
function readArguments(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Variables,
): ArgumentValues {
  try {
    return getArgumentValues(field, node, variables)
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    throw apiError('VARIABLE_INVALID', { message: error.message, at: error, cause: error })
  }
}

/** More than any list of ours has a use for; what reads one may do so for every row. */
const LIST_LENGTH_MAX = 100

function faultOf(value: unknown): string | null {
  if (Array.isArray(value) && value.length > LIST_LENGTH_MAX) {
    return `A list holds ${value.length} items; accepted are at most ${LIST_LENGTH_MAX}.`
  }
  return holdsNul(value) ? 'A text holds the character U+0000, which is accepted nowhere.' : null
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsNul)
}

function hasVariable(argument: ArgumentNode): boolean {
  let found = false
  visit(argument, {
    [Kind.VARIABLE]() {
      found = true
      return BREAK
    },
  })
  return found
}

/**
 * One request reads the same arguments several times. What was read goes with the request: a plan is kept for long, and
 * values are as large as a body.
 */
function onceFor(
  read: (variables: Variables) => ArgumentValues,
): (variables: Variables) => ArgumentValues {
  const known = new WeakMap<Variables, ArgumentValues>()
  return (variables) => {
    const found = known.get(variables)
    if (found !== undefined) return found
    const values = read(variables)
    known.set(variables, values)
    return values
  }
}
