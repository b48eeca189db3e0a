import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  DummyDriver,
  type RawBuilder,
  sql,
} from 'kysely'
import type { FieldNode, GraphQLField, GraphQLSchema } from 'graphql'
import { apiError, type Problem } from '../../errors.ts'
import type { Fragments } from './collect-fields.ts'
import { FieldArguments } from './field-arguments.ts'
import { pathOfLabel } from './label.ts'
import type { Slot } from './marks.ts'
import type { PlanRequest } from './plan.ts'
import type { Shape, Variables } from './shape.ts'
import type { ArgumentValues, BindArgument, Reader } from './source.ts'

/** How many objects a connection, nullable relation or list by id held: SQL for one integer, and the label it counts for. */
export interface Count {
  readonly label: string
  readonly sql: RawBuilder<unknown>
}

/** A value of the statement that is read from each request. */
export class Parameter {
  readonly read: (request: PlanRequest) => unknown

  constructor(read: (request: PlanRequest) => unknown) {
    this.read = read
  }
}

/** Beyond this a statement costs the database more to plan than to run. */
export const MAX_RELATIONS = 50

/** What grows while one operation is turned into one statement. */
export class Build {
  readonly schema: GraphQLSchema
  readonly fragments: Fragments
  readonly shape: Shape
  readonly reader: Reader
  readonly slots: Slot<ArgumentValues>[] = []
  readonly slotArguments: FieldArguments[] = []
  /** Checks of argument values, run for every request before anything else happens. */
  readonly checks: ((variables: Variables) => readonly Problem[])[] = []
  #aliases = 0
  #relations = 0
  #registers = 0

  constructor(context: {
    schema: GraphQLSchema
    fragments: Fragments
    shape: Shape
    standing: Reader['standing']
  }) {
    this.schema = context.schema
    this.fragments = context.fragments
    this.shape = context.shape
    this.reader = {
      standing: context.standing,
      me: sql`${this.parameter(({ principal }) => principal.accountId)}::uuid`,
      // Made only where it is asked for: each use is a parameter.
      session: sql`${this.parameter(({ principal }) => principal.sessionId)}::uuid`,
    }
  }

  /** An alias no other relation of the statement has. */
  alias(): string {
    this.#aliases += 1
    return `t${this.#aliases}`
  }

  /** Notes one more list or object of the answer that has rows of its own. */
  countRelation(): void {
    this.#relations += 1
    if (this.#relations <= MAX_RELATIONS) return
    const message = `The operation asks for more than ${MAX_RELATIONS} lists and objects; ask in parts.`
    throw apiError('DOCUMENT_TOO_LARGE', { message })
  }

  register(): number {
    this.#registers += 1
    return this.#registers - 1
  }

  /** The index of a new slot. */
  slot(slot: Slot<ArgumentValues>, fieldArguments: FieldArguments): number {
    this.slots.push(slot)
    this.slotArguments.push(fieldArguments)
    return this.slots.length - 1
  }

  parameter(read: (request: PlanRequest) => unknown): RawBuilder<unknown> {
    return sql`${new Parameter(read)}`
  }

  /** A parameter with the id of a row that an act has come to, or null. */
  outcomeRow(name: string): RawBuilder<unknown> {
    return sql`${this.parameter(({ outcome }) => outcome?.rows?.[name] ?? null)}::uuid`
  }

  /** SQL: the rows under this name of what the act has come to, as an array of uuid. */
  outcomeRows(name: string): RawBuilder<unknown> {
    return sql`${this.parameter(({ outcome }) => outcome?.rowLists?.[name] ?? [])}::uuid[]`
  }

  /** The arguments of the field that is counted under this label; their texts are checked for every request. */
  argumentsOf(
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    label: string,
  ): FieldArguments {
    const path = pathOfLabel(label)
    const fieldArguments = new FieldArguments(field, nodes, this.shape)
    if (field.args.length > 0) {
      this.checks.push((variables) => fieldArguments.problems(variables, path))
    }
    return fieldArguments
  }

  /** Parameters made from the arguments of one field. */
  binder(fieldArguments: FieldArguments): BindArgument {
    return (read) => this.parameter(({ variables }) => read(fieldArguments.values(variables)))
  }
}

/** Column of a relation of the statement. Both names are our own. */
export function column(alias: string, name: string): RawBuilder<unknown> {
  return sql.ref(`${alias}.${name}`)
}

export const ALL = sql`true`

/** SQL that holds where all conditions hold; null stands for one that always does. */
export function allOf(conditions: readonly (RawBuilder<unknown> | null)[]): RawBuilder<unknown> {
  const real = conditions.filter((condition) => condition !== null)
  return real.length === 0
    ? ALL
    : sql.join(
        real.map((condition) => sql`(${condition})`),
        sql` and `,
      )
}

/** Compiles without a connection. */
export const compiler = new Kysely<Record<string, never>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})
