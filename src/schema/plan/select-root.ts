import type { FieldNode, GraphQLObjectType, OperationDefinitionNode } from 'graphql'
import { type RawBuilder, sql } from 'kysely'
import { runStatement } from '../../database/run-statement.ts'
import { type Build, type Count, compiler, Parameter } from './build.ts'
import type { CollectedFields } from './collect-fields.ts'
import { introspect, isIntrospection } from './introspection.ts'
import { fillMarks } from './marks.ts'
import { joinPieces, member } from './pieces.ts'
import type { PlanAnswer, PlanRequest } from './plan.ts'
import { renderOf } from './render-items.ts'
import { selectRelation } from './select-object.ts'
import { countColumns, fieldOf, joinAll } from './selected.ts'
import { sourceOf } from './source.ts'

/** A part of the answer: fixed text, a column of the statement's row, or what is made from the request. */
type Part = string | number | ((request: PlanRequest) => string)

/** What one object at the top of an answer is made from: the whole of a query, or what one act has come to. */
export interface RootSelection {
  readonly parts: readonly Part[]
  readonly texts: readonly RawBuilder<unknown>[]
  readonly joins: readonly RawBuilder<unknown>[]
  readonly counts: readonly Count[]
  /** Objects in what is asked of the schema; null where nothing is. */
  readonly introspectionObjects: number | null
}

export interface AskedRoot {
  readonly operation: OperationDefinitionNode
  readonly type: GraphQLObjectType
  readonly fields: CollectedFields
  /** Under which what lies below is counted; empty for the root of a query. */
  readonly label: string
}

/** Selects an object that no row stands behind: each of its fields is a relation, or known without the database. */
export function selectRoot(
  build: Build,
  { operation, type, fields, label }: AskedRoot,
): RootSelection {
  const parts: Part[] = ['{']
  const texts: RawBuilder<unknown>[] = []
  const joins: RawBuilder<unknown>[] = []
  const counts: Count[] = []
  let introspectionObjects: number | null = null
  for (const [position, [name, nodes]] of [...fields].entries()) {
    parts.push(member(name, position))
    const field = fieldOf(type, nodes)
    if (field === null) {
      const asked = asksSchema(build, operation, nodes)
      introspectionObjects = sumOf(introspectionObjects, asked)
      parts.push(asked?.text ?? JSON.stringify(type.name))
      continue
    }
    const source = sourceOf(field)
    if (source.kind === 'constant') {
      parts.push(renderOf(build, field.type, nodes)(source.value()))
    } else if (source.kind === 'request') {
      const render = renderOf(build, field.type, nodes)
      parts.push((request) => render(source.value(request)))
    } else if (source.kind === 'property') {
      const render = renderOf(build, field.type, nodes)
      parts.push(({ outcome }) => render(memberOf(outcome, field.name)))
    } else if (
      source.kind === 'one' ||
      source.kind === 'page' ||
      source.kind === 'computed' ||
      source.kind === 'by-id'
    ) {
      const ownLabel = label === '' ? name : `${label}.${name}`
      const fieldArguments = build.argumentsOf(field, nodes, ownLabel)
      const relation = { field, nodes, source, fieldArguments, parent: null, label: ownLabel }
      const selected = selectRelation(build, relation)
      parts.push(texts.length)
      texts.push(joinPieces(selected.pieces))
      joins.push(...selected.joins)
      counts.push(...selected.counts)
    } else {
      throw new Error(`${type.name}.${field.name} needs a row, and here is none.`)
    }
  }
  parts.push('}')
  return { parts, texts, joins, counts, introspectionObjects }
}

/** The object's text, by at most one statement. */
export interface RootAnswer {
  readonly statement: string | null
  readonly fixedCharacters: number
  readonly counted: readonly string[]
  /** Asks the database, and puts the text together. Counts in the order of `counted`. */
  readonly read: (request: PlanRequest) => Promise<PlanAnswer>
}

/** What has to be sent for the selection, compiled. */
export function answerRoot(build: Build, root: RootSelection): RootAnswer {
  const { parts, texts, joins, counts: counted } = root
  const columns = [
    ...texts.map((text, i) => sql`${text} as ${sql.id(`r${i}`)}`),
    ...countColumns(counted),
  ]
  const statement = columns.length === 0 ? null : compile(columns, joins)
  const { slots, slotArguments } = build
  return {
    statement: statement?.text ?? null,
    fixedCharacters: parts.reduce<number>(
      (sum, part) => sum + (typeof part === 'string' ? part.length : 0),
      0,
    ),
    counted: counted.map(({ label }) => label),
    async read(request) {
      const row = statement === null ? [] : await send(statement, request)
      const counts = row.slice(texts.length).map(Number)
      if (request.progress !== undefined && request.outcome === undefined) {
        Object.assign(request.progress, { stage: 'finished', counts })
      }
      const values = slotArguments.map((fieldArguments) => fieldArguments.values(request.variables))
      const data = parts.map((part) => {
        if (typeof part === 'string') return part
        if (typeof part === 'function') return part(request)
        return fillMarks(String(row[part]), slots, { vault: request.vault, values })
      })
      return { data: data.join(''), counts }
    },
  }
}

function asksSchema(build: Build, operation: OperationDefinitionNode, nodes: readonly FieldNode[]) {
  return isIntrospection(nodes) ? introspect(build, operation, nodes) : null
}

function sumOf(sum: number | null, asked: { readonly objects: number } | null): number | null {
  return asked === null ? sum : (sum ?? 0) + asked.objects
}

function memberOf(outcome: PlanRequest['outcome'], name: string): unknown {
  return outcome?.values?.[name] ?? outcome?.secrets?.[name] ?? null
}

interface CompiledStatement {
  readonly text: string
  readonly parameters: readonly unknown[]
}

/** Text and parameters, without the tree they were made from: a plan is kept for long. */
function compile(
  columns: readonly RawBuilder<unknown>[],
  joins: readonly RawBuilder<unknown>[],
): CompiledStatement {
  const query = sql`select ${sql.join(columns)} from (values (0)) as root${joinAll(joins)}`
  const { sql: text, parameters } = query.compile(compiler)
  return { text, parameters }
}

function send({ text, parameters }: CompiledStatement, request: PlanRequest) {
  const values = parameters.map((value) =>
    value instanceof Parameter ? value.read(request) : value,
  )
  const { database, signal, progress } = request
  return runStatement(
    database,
    { text, values },
    {
      signal,
      onSent() {
        if (progress !== undefined) progress.stage = 'sent'
      },
      onAnswered(us) {
        if (progress !== undefined) progress.databaseUs += us
      },
    },
  )
}
