import type { z } from 'zod'
import { sql } from 'kysely'
import type { ActContext, Outcome } from '../auth/act.ts'
import type { Problem } from '../errors.ts'
import { problemsOf } from '../input-problems.ts'
import type { ActSource, ArgumentValues, OneSource, Rows } from './plan/source.ts'
import { builder } from './builder.ts'
import { FREE_FILTER } from './directives.ts'
import { type IdPrefix, uuidOf } from '../ids.ts'

type ObjectRef = ReturnType<ReturnType<typeof builder.objectRef<object>>['implement']>

/** An act as a field's source: its arguments are read by the schema, and it gets what came out. */
export function act<Input>(
  schema: z.ZodType<Input>,
  run: (context: ActContext, input: Input) => Promise<Outcome>,
  { isAlone = false, ids = {} }: ActOptions = {},
): ActSource {
  return {
    kind: 'act',
    isAlone,
    problems(values): readonly Problem[] {
      const read = schema.safeParse(withUuids(values, ids))
      return read.success ? [] : problemsOf(read.error, values)
    },
    act: (values, context) => run(context, schema.parse(withUuids(values, ids))),
  }
}

interface ActOptions {
  readonly isAlone?: boolean
  /** Members of the input that are ids, and of what: the act gets UUIDs, and null for an id of anything else. */
  readonly ids?: Readonly<Record<string, IdPrefix>>
}

function withUuids(values: ArgumentValues, ids: Readonly<Record<string, IdPrefix>>): object {
  const { input } = values
  if (typeof input !== 'object' || input === null) return values
  const members = Object.entries(input).flatMap(([name, value]): [string, unknown][] => {
    const prefix = ids[name]
    if (prefix === undefined) return [[name, value]]
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
