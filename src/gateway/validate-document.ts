import {
  GraphQLError,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValidationRule,
  type validate,
} from 'graphql'

import { ApiError, apiError, type Problem } from '../errors.ts'
import { DOCUMENT_LIMITS, PROBLEMS_MAX } from './limits.ts'
import { findExcess } from './repeated-names.ts'
import { shorten } from './shorten.ts'
import { withholdValues } from './withhold-values.ts'

/**
 * Why this document can not run under this schema: the first 10 reasons, each with its place; empty where it can. What is
 * too large is not validated at all.
 */
export function validateDocument(
  validateFn: typeof validate,
  { schema, document, rules }: ToValidate,
): readonly ApiError[] {
  try {
    refuseExcess(document)
    const errors = validateFn(schema, document, [...rules, RootTypeRule], {
      maxErrors: PROBLEMS_MAX,
      hideSuggestions: true,
    })
    // One more says that there are more.
    return documentInvalid(errors.slice(0, PROBLEMS_MAX))
  } catch (error) {
    // A rule of the fence refuses by throwing: the rest of the document is not looked at.
    if (error instanceof ApiError) return [error]
    throw error
  }
}

export interface ToValidate {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly rules: readonly ValidationRule[]
}

/** Refusals that say what graphql-js says, each at its place; the first one names all problems, as every refusal does. */
export function documentInvalid(errors: readonly GraphQLError[]): ApiError[] {
  const problems = errors.map((error): Problem => {
    const { locations } = error
    return { code: 'DOCUMENT_INVALID', message: told(error), locations }
  })
  return errors.map((error, i) =>
    apiError('DOCUMENT_INVALID', {
      message: told(error),
      at: error,
      ...(i === 0 ? { problems } : {}),
    }),
  )
}

function told({ message }: GraphQLError): string {
  return shorten(withholdValues(message))
}

function refuseExcess(document: DocumentNode): void {
  const excess = findExcess(document, {
    nameLengthMax: DOCUMENT_LIMITS.nameLength,
    occurrencesMax: DOCUMENT_LIMITS.occurrences,
    fieldsMax: DOCUMENT_LIMITS.fields,
  })
  if (excess !== null) {
    throw apiError('DOCUMENT_TOO_LARGE', { message: EXCESS_MESSAGES[excess.kind] })
  }
}

const EXCESS_MESSAGES = {
  'long-name': `A response name holds at most ${DOCUMENT_LIMITS.nameLength} characters.`,
  repeated: `One selection set holds a response name at most ${DOCUMENT_LIMITS.occurrences} times.`,
  'too-many-fields': `The selection sets hold at most ${DOCUMENT_LIMITS.fields} fields together.`,
}

/** graphql-js finds out only at execution that a schema has no mutations or no subscriptions. */
function RootTypeRule(context: ValidationContext): {
  OperationDefinition(node: OperationDefinitionNode): void
} {
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation) != null) return
      const message = `There is no ${node.operation} in this schema.`
      context.reportError(new GraphQLError(message, { nodes: node }))
    },
  }
}
