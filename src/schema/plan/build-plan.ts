import type { OperationDefinitionNode } from 'graphql'
import { type RawBuilder, sql } from 'kysely'
import { runStatement } from '../../database/run-statement.ts'
import type { Scope, Standing } from '../../auth/access.ts'
import { apiError } from '../../errors.ts'
import { confirmScopes, scopeRules } from '../builder.ts'
import { Build, type Count, compiler, Parameter } from './build.ts'
import { joinPieces, member } from './pieces.ts'
import { type CollectContext, collectFields } from './collect-fields.ts'
import { INTROSPECTION_CHARACTERS_MAX, introspect, isIntrospection } from './introspection.ts'
import { fillMarks } from './marks.ts'
import type { Plan, PlanAnswer, PlanRequest, Progress } from './plan.ts'
import { renderOf } from './render-items.ts'
import { selectRelation } from './select-object.ts'
import { countColumns, fieldOf, joinAll } from './selected.ts'
import { sourceOf } from './source.ts'

/** A part of the answer: fixed text, a column of the statement's row, or what is made from the request. */
type Part = string | number | ((request: PlanRequest) => string)

export interface AskedOperation {
  readonly operation: OperationDefinitionNode
  readonly standing: Standing
  /** Scopes that the operation needs, and that this standing holds. */
  readonly scopes: readonly Scope[]
}

/** Turns a query operation into its plan for one standing. The shape notes which values of variables took part. */
export function buildPlan(
  context: CollectContext,
  { operation, standing, scopes }: AskedOperation,
): Plan {
  const build = new Build({ ...context, standing })
  const root = context.schema.getQueryType()
  if (!root) throw new Error('The schema has no query type.')
  const parts: Part[] = ['{']
  const texts: RawBuilder<unknown>[] = []
  const joins: RawBuilder<unknown>[] = []
  const counts: Count[] = []
  let introspectionObjects: number | null = null
  const fields = [...collectFields(context, root, [operation.selectionSet])]
  for (const [position, [name, nodes]] of fields.entries()) {
    parts.push(member(name, position))
    const field = fieldOf(root, nodes)
    if (field === null) {
      if (isIntrospection(nodes)) {
        const { text, objects } = introspect(context, operation, nodes)
        introspectionObjects = (introspectionObjects ?? 0) + objects
        parts.push(text)
      } else {
        parts.push(JSON.stringify(root.name))
      }
      continue
    }
    const source = sourceOf(field)
    if (source.kind === 'constant') {
      parts.push(renderOf(context, field.type, nodes)(source.value()))
    } else if (source.kind === 'request') {
      const render = renderOf(context, field.type, nodes)
      parts.push((request) => render(source.value(request)))
    } else if (source.kind === 'one' || source.kind === 'page' || source.kind === 'by-id') {
      const fieldArguments = build.argumentsOf(field, nodes, name)
      const relation = { field, nodes, source, fieldArguments, parent: null, label: name }
      const selected = selectRelation(build, relation)
      parts.push(texts.length)
      texts.push(joinPieces(selected.pieces))
      joins.push(...selected.joins)
      counts.push(...selected.counts)
    } else {
      throw new Error(`${root.name}.${field.name} needs a row, and the root has none.`)
    }
  }
  parts.push('}')
  return planOf(build, { parts, texts, joins, counts, scopes, introspectionObjects })
}

interface RootSelection {
  readonly parts: readonly Part[]
  readonly texts: readonly RawBuilder<unknown>[]
  readonly joins: readonly RawBuilder<unknown>[]
  readonly counts: readonly Count[]
  readonly scopes: readonly Scope[]
  readonly introspectionObjects: number | null
}

function planOf(build: Build, root: RootSelection): Plan {
  const { parts, texts, joins, counts: counted, scopes, introspectionObjects } = root
  const columns = [
    ...texts.map((text, i) => sql`${text} as ${sql.id(`r${i}`)}`),
    ...countColumns(counted),
  ]
  const statement = columns.length === 0 ? null : compile(columns, joins)
  const { slots, slotArguments, checks } = build
  const fixedCharacters = parts.reduce<number>(
    (sum, part) => sum + (typeof part === 'string' ? part.length : 0),
    0,
  )
  if (fixedCharacters > INTROSPECTION_CHARACTERS_MAX) throw apiError('ANSWER_TOO_LARGE')
  const rules = scopeRules(scopes)
  return {
    statement: statement?.text ?? null,
    fixedCharacters,
    introspectionObjects,
    counted: counted.map(({ label }) => label),
    problems: (variables) => checks.flatMap((check) => check(variables)),
    async run(request): Promise<PlanAnswer> {
      confirmScopes(request.principal, rules)
      const row = statement === null ? [] : await run(statement, request)
      const counts = row.slice(texts.length).map(Number)
      if (request.progress !== undefined) {
        Object.assign(request.progress, { stage: 'finished', counts } satisfies Progress)
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

function run({ text, parameters }: CompiledStatement, request: PlanRequest) {
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
    },
  )
}
