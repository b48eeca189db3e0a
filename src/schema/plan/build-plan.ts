import type { OperationDefinitionNode } from 'graphql'
import type { Scope, Standing } from '../../auth/access.ts'
import { apiError } from '../../errors.ts'
import { confirmScopes, scopeRules } from '../builder.ts'
import { Build } from './build.ts'
import { type CollectContext, collectFields } from './collect-fields.ts'
import { INTROSPECTION_CHARACTERS_MAX } from './introspection.ts'
import type { Plan } from './plan.ts'
import { answerRoot, selectRoot } from './select-root.ts'

export interface PlannedOperation {
  readonly operation: OperationDefinitionNode
  readonly standing: Standing
  /** Scopes that the operation needs, and that this standing holds. */
  readonly scopes: readonly Scope[]
}

/** Turns a query operation into its plan for one standing. The shape notes which values of variables took part. */
export function buildPlan(
  context: CollectContext,
  { operation, standing, scopes }: PlannedOperation,
): Plan {
  const build = new Build({ ...context, standing })
  const type = context.schema.getQueryType()
  if (!type) throw new Error('The schema has no query type.')
  const fields = collectFields(context, type, [operation.selectionSet])
  const root = selectRoot(build, { operation, type, fields, label: '' })
  const { statement, fixedCharacters, counted, read } = answerRoot(build, root)
  if (fixedCharacters > INTROSPECTION_CHARACTERS_MAX) throw apiError('ANSWER_TOO_LARGE')
  const { checks } = build
  const rules = scopeRules(scopes)
  return {
    statement,
    fixedCharacters,
    introspectionObjects: root.introspectionObjects,
    counted,
    problems: (variables) => checks.flatMap((check) => check(variables)),
    async run(request) {
      confirmScopes(request.principal, rules)
      return read(request)
    },
  }
}
