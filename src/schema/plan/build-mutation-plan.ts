import {
  type FieldNode,
  getNamedType,
  type GraphQLField,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
} from 'graphql'
import type { Outcome } from '../../auth/act.ts'
import { refusalOf } from '../../database/outage.ts'
import { timingStatements } from '../../database/statement-times.ts'
import { ApiError, apiError, type Problem } from '../../errors.ts'
import { inputInvalid } from '../../input-problems.ts'
import { confirmScopes, scopeRules } from '../builder.ts'
import { Build } from './build.ts'
import type { PlannedOperation } from './build-plan.ts'
import { type CollectContext, collectFields, collectSubfields } from './collect-fields.ts'
import type { FieldArguments } from './field-arguments.ts'
import { labelOfType } from './label.ts'
import { member } from './pieces.ts'
import type { Plan, PlanRequest } from './plan.ts'
import { answerRoot, type RootAnswer, selectRoot } from './select-root.ts'
import { fieldOf } from './selected.ts'
import { type ActSource, sourceOf } from './source.ts'

/**
 * Turns a mutation into its plan: its acts one after the other, and behind each one statement that reads its answer. What
 * is wrong with the arguments of any of them is known before the first one runs.
 */
export function buildMutationPlan(context: CollectContext, asked: PlannedOperation): Plan {
  const build = new Build({ ...context, standing: asked.standing })
  const root = context.schema.getMutationType()
  if (!root) throw new Error('The schema has no mutation type.')
  const fields = collectFields(context, root, [asked.operation.selectionSet])
  const steps = [...fields].map(([name, nodes]) => {
    const field = fieldOf(root, nodes)
    return field === null ? root.name : stepOf(build, asked, { field, name, nodes })
  })
  const acts = steps.filter((step) => typeof step !== 'string')
  refuseCompany(acts)
  const names = [...fields.keys()]
  const answers = acts.flatMap((act) => [...act.answers.values()])
  const statements = answers.flatMap(({ answer }) => answer.statement ?? [])
  const { checks } = build
  const rules = scopeRules(asked.scopes)
  return {
    statement: statements.length === 0 ? null : statements.join('\n'),
    fixedCharacters: answers.reduce((sum, { answer }) => sum + answer.fixedCharacters, 0),
    introspectionObjects: null,
    counted: answers.flatMap(({ counted }) => counted),
    problems: (variables) => checks.flatMap((check) => check(variables)),
    run: timed(async (request) => {
      confirmScopes(request.principal, rules)
      const prepared = await prepareAll(acts, request, context.schema)
      const { progress } = request
      // From here on something may have changed, whatever is heard of it.
      if (progress !== undefined) progress.stage = 'sent'
      const parts: string[] = []
      const counts: number[] = []
      const done: string[] = []
      for (const [position, step] of steps.entries()) {
        const name = names[position] ?? ''
        parts.push(member(name, position))
        if (typeof step === 'string') {
          parts.push(JSON.stringify(step))
          continue
        }
        const answer = await takeStep(step, prepared.get(step), request).catch((error: unknown) =>
          refuse(error, name, done),
        )
        done.push(name)
        parts.push(answer.data)
        counts.push(...answer.counts)
      }
      if (progress !== undefined) Object.assign(progress, { stage: 'finished', counts })
      return { data: `{${parts.join('')}}`, counts }
    }),
  }
}

/** Adds what the statements of the acts take to the progress; those that read the answers do so themselves. */
function timed(run: Plan['run']): Plan['run'] {
  return async (request) => {
    const { progress } = request
    if (progress === undefined) return run(request)
    const times = { us: 0 }
    try {
      return await timingStatements(times, () => run(request))
    } finally {
      progress.databaseUs += times.us
    }
  }
}

interface Step {
  readonly name: string
  readonly mutation: string
  readonly source: ActSource
  readonly fieldArguments: FieldArguments
  /** By the name of the type that the act can come to. */
  readonly answers: ReadonlyMap<string, StepAnswer>
}

interface StepAnswer {
  readonly answer: RootAnswer
  /** Labels: where the type of the answer is open, that of the type itself first. */
  readonly counted: readonly string[]
}

interface AskedField {
  readonly field: GraphQLField<unknown, unknown>
  readonly name: string
  readonly nodes: readonly FieldNode[]
}

function stepOf(
  build: Build,
  { operation }: Pick<PlannedOperation, 'operation'>,
  { field, name, nodes }: AskedField,
): Step {
  const source = sourceOf(field)
  if (source.kind !== 'act') throw new Error(`${field.name} does nothing.`)
  const fieldArguments = build.argumentsOf(field, nodes, name)
  build.checks.push((variables) => below(name, source.problems(fieldArguments.values(variables))))
  const isOpen = isAbstractType(getNamedType(field.type))
  const answers = typesOf(build, field).map((type) => {
    const label = isOpen ? labelOfType(name, type.name) : name
    const fields = collectSubfields(build, type, nodes)
    const answer = answerRoot(build, selectRoot(build, { operation, type, fields, label }))
    const counted = isOpen ? [label, ...answer.counted] : answer.counted
    return [type.name, { answer, counted }] as const
  })
  return { name, mutation: field.name, source, fieldArguments, answers: new Map(answers) }
}

function typesOf({ schema }: Build, { type, name }: GraphQLField<unknown, unknown>) {
  const named = getNamedType(type)
  if (isObjectType(named)) return [named]
  if (isAbstractType(named)) return schema.getPossibleTypes(named)
  throw new Error(`${name} answers no object.`)
}

/** @throws {ApiError} where an act that has to stand alone does not */
function refuseCompany(steps: readonly Step[]): void {
  const alone = steps.find(({ source }) => source.isAlone)
  if (alone === undefined || steps.length === 1) return
  throw apiError('DOCUMENT_INVALID', {
    message: `${alone.name} stands alone in an operation: send it by itself.`,
  })
}

type Run = () => Promise<Outcome>

/**
 * Every act, ready to run.
 * @throws {ApiError} INPUT_INVALID with what is wrong with the arguments of any of them
 */
async function prepareAll(
  steps: readonly Step[],
  { contextOf, variables, progress }: PlanRequest,
  schema: GraphQLSchema,
): Promise<ReadonlyMap<Step, Run>> {
  if (contextOf === undefined) throw new Error('There is nothing to act with.')
  if (progress !== undefined) {
    progress.refusedActs = steps.length
    if (steps.some(({ source }) => source.isWorkToRead)) progress.stage = 'sent'
  }
  const runs = new Map<Step, Run>()
  const problems: Problem[] = []
  for (const step of steps) {
    const { source, fieldArguments, name, mutation } = step
    const values = fieldArguments.values(variables)
    const context = contextOf({ path: name, mutation, values })
    const prepared = await source.prepare(values, context, schema).catch((error: unknown) => {
      // What there was no room for has not begun.
      const isUnread = error instanceof ApiError && error.code === 'OVERLOADED'
      if (isUnread && progress !== undefined) {
        Object.assign(progress, { stage: 'waiting', refusedActs: 0 })
      }
      throw error
    })
    if (prepared.kind === 'ready') runs.set(step, prepared.run)
    else problems.push(...below(name, prepared.problems))
  }
  if (problems.length > 0) throw inputInvalid(problems)
  return runs
}

async function takeStep({ answers, name }: Step, run: Run | undefined, request: PlanRequest) {
  if (run === undefined) throw new Error(`${name} is not ready.`)
  const outcome = await run()
  const mine = answers.get(outcome.type)
  if (mine === undefined) throw new Error(`${name} does not answer a ${outcome.type}.`)
  // On top of the request: its rate limit is worked out only where it is asked for.
  const own: PlanRequest = Object.assign(Object.create(request) as PlanRequest, {
    outcome,
    // It has happened: whoever asked is told, also where that ended the very credential.
    signal: undefined,
  })
  const { data, counts } = await mine.answer.read(own)
  return { data, counts: [...answers.values()].flatMap((each) => countsOf(each, mine, counts)) }
}

/** What there was of each type: of those that the act has not come to, nothing. */
function countsOf(each: StepAnswer, mine: StepAnswer, counts: readonly number[]): number[] {
  if (each !== mine) return each.counted.map(() => 0)
  return each.counted.length === counts.length ? [...counts] : [1, ...counts]
}

/** @throws {ApiError} that says which act it refuses, and names those that had taken effect before it */
function refuse(error: unknown, name: string, done: readonly string[]): never {
  const refusal = error instanceof ApiError ? error : refusalOf(error)
  if (refusal === null) throw error
  const { problems, ...extensions } = refusal.extensions
  throw apiError(refusal.code, {
    message: refusal.message,
    cause: refusal.originalError ?? refusal,
    extensions: { ...extensions, ...(done.length === 0 ? {} : { done: [...done] }) },
    // What ApiError was given, by those who threw it.
    ...(problems === undefined ? {} : { problems: below(name, problems as readonly Problem[]) }),
  })
}

function below(name: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, path: [name, problem.path].join('.') }))
}
