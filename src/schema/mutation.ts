import type { GraphQLSchema } from 'graphql'
import type { z } from 'zod'
import { sql } from 'kysely'
import { NIL } from 'uuid'
import type { ActContext, Asked, Outcome } from '../auth/act.ts'
import { outcomeBefore } from '../auth/transact.ts'
import type { Problem } from '../errors.ts'
import { problemsOf } from '../input-problems.ts'
import type { ActSource, ArgumentValues, OneSource, Rows } from './plan/source.ts'
import { builder } from './builder.ts'
import { FREE_FILTER } from './directives.ts'
import { type IdPrefix, uuidOf } from '../ids.ts'

type ObjectRef = ReturnType<ReturnType<typeof builder.objectRef<object>>['implement']>

/**
 * An act as a field's source: its arguments are read by the schema, and it gets what came out. What is accepted may depend on
 * who asks, on what is stored and on the API itself: such a schema is made for the request.
 */
export function act<Input>(
  schema: z.ZodType<Input> | SchemaFor<Input>,
  run: (context: ActContext, input: Input) => Promise<Outcome>,
  { isAlone = false, isWorkToRead = false, ids = {} }: ActOptions = {},
): ActSource {
  const isFixed = typeof schema !== 'function'
  return {
    kind: 'act',
    isAlone,
    isWorkToRead,
    problems: (values) => (isFixed ? problemsIn(schema, withUuids(values, ids), values) : []),
    async prepare(values, context, api) {
      // What such a request named may be gone by now; that it was done is so for good.
      const outcome = isFixed ? null : await outcomeBefore(context)
      if (outcome !== null) return { kind: 'ready', run: () => Promise.resolve(outcome) }
      const asked = withUuids(values, ids)
      const read = (isFixed ? schema : await schema(context, asked, api)).safeParse(asked)
      if (!read.success) return { kind: 'refused', problems: problemsOf(read.error, values) }
      return { kind: 'ready', run: () => run(context, read.data) }
    },
  }
}

type SchemaFor<Input> = (
  context: ActContext,
  asked: Asked,
  api: GraphQLSchema,
) => z.ZodType<Input> | Promise<z.ZodType<Input>>

interface ActOptions {
  readonly isAlone?: boolean
  readonly isWorkToRead?: boolean
  /**
   * Members of the input that are ids, and of what: the act gets UUIDs, and null for an id of anything else. With a question
   * mark null is an answer of its own: the act gets that, and for an id of anything else the UUID of no row.
   */
  readonly ids?: Readonly<Record<string, IdPrefix | `${IdPrefix}?`>>
}

function problemsIn(schema: z.ZodType, asked: Asked, given: ArgumentValues): readonly Problem[] {
  const read = schema.safeParse(asked)
  return read.success ? [] : problemsOf(read.error, given)
}

function withUuids(values: ArgumentValues, ids: NonNullable<ActOptions['ids']>): Asked {
  const { input } = values
  if (typeof input !== 'object' || input === null) return values
  const members = Object.entries(input).flatMap(([name, value]): [string, unknown][] => {
    const kind = ids[name]
    if (kind === undefined) return [[name, value]]
    const prefix = kind.slice(0, 3) as IdPrefix // what is left of `set?`
    if (kind !== prefix) return [[name, value === null ? null : (uuidOf(prefix, value) ?? NIL)]]
    // An id that is null is one that is not given.
    return value === null ? [] : [[name, uuidOf(prefix, value)]]
  })
  return { ...values, input: Object.fromEntries(members) }
}

/** The one argument of a mutation: what is asked for costs nothing beside the act. */
export function inputOf<Type extends InputType>(type: Type) {
  return builder.args((t) => ({
    input: t.field({
      type,
      required: true,
      description: 'What it takes.',
      extensions: FREE_FILTER,
    }),
  }))
}

type InputType = ReturnType<typeof builder.inputType>

/** The row that an act has come to under this name, as its caller sees it. */
export function outcomeRow(name: string, rows: Rows): OneSource {
  return {
    kind: 'one',
    rows,
    on: { condition: ({ row, outcomeRow: id }) => sql`${sql.ref(`${row}.id`)} = ${id(name)}` },
  }
}

/** What a mutation answers: what it is for, or one of the problems. */
export function resultOf(name: string, payload: ObjectRef, problems: readonly ObjectRef[]) {
  return builder.unionType(name, {
    description: 'What came of it.',
    types: [payload, ...problems],
  })
}
