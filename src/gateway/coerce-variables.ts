import {
  getVariableValues,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'

import { apiError, type Problem } from '../errors.ts'
import { PROBLEMS_MAX } from './limits.ts'
import { shorten } from './shorten.ts'
import { withholdValues } from './withhold-values.ts'

/**
 * The values of the operation's variables: defaults in, input types applied, undeclared ones left out.
 * @throws {ApiError} VARIABLE_INVALID with every problem, 10 at most
 */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const declared = operation.variableDefinitions ?? []
  if (declared.length === 0) return NO_VARIABLES
  const { coerced, errors } = getVariableValues(schema, declared, given, {
    maxErrors: PROBLEMS_MAX,
    hideSuggestions: true,
  })
  if (errors === undefined) return coerced
  // One more says that there are more.
  const problems = errors.slice(0, PROBLEMS_MAX).map(toProblem)
  throw apiError('VARIABLE_INVALID', { message: problems[0]?.message, problems })
}

const NO_VARIABLES: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null))

function toProblem(error: GraphQLError): Problem {
  return { code: 'VARIABLE_INVALID', message: shorten(withholdValues(place(error))) }
}

/** Which variable, where in it, and what is wrong there: without the whole value, which graphql-js puts in between. */
function place({ message, originalError }: GraphQLError): string {
  if (originalError === undefined) return message
  const reason = originalError.message
  const quoting = message.slice(0, -`; ${reason}`.length)
  const [variable = 'A variable'] = /^Variable "\$\w+"/.exec(quoting) ?? []
  const [at = ''] = / at "[\w.[\]]+"$/.exec(quoting) ?? []
  return `${variable} has an invalid value${at}: ${reason}`
}
