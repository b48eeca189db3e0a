import { type DocumentNode, GraphQLError, Kind } from 'graphql'
import type { Plugin } from 'graphql-yoga'

import { ApiError } from '../errors.ts'
import type { Attempts } from '../quota/attempts.ts'
import { fragmentsOf } from '../schema/plan/collect-fields.ts'
import { rootFieldsOf } from '../schema/plan/root-fields.ts'
import { admitDocument } from './admit-document.ts'
import { isControl } from './demand-control.ts'
import { operationHeads, type KnownDocument, type KnownDocuments } from './known-documents.ts'
import type { GatewayContext } from './request.ts'
import { selectOperation } from './select-operation.ts'
import { documentInvalid } from './validate-document.ts'

/**
 * Remembers each verdict of the parser and of validation, and spares a known document both. The operation is selected as
 * soon as the text has parsed: whether a document is known never changes its answer.
 */
export function useKnownDocuments(
  documents: KnownDocuments,
  attempts: Attempts,
): Plugin<GatewayContext> {
  return {
    onParse({ context, setParsedDocument }) {
      const { query, operationName } = context.parameters
      const known = documents.get(query)
      if (known !== undefined) return setParsedDocument(admitDocument(known, context))
      return ({ result }) => {
        if (result === null) return
        if (!(result instanceof Error)) {
          context.receipt.isControl = isControlDocument(context, result)
          // At once: others of the same client are on their way.
          if (!context.receipt.isControl || !context.claims.isSignedIn) {
            attempts.take(context.claims.attempts, attemptsFor(result))
          }
          selectOperation(operationHeads(result), operationName, context.method)
          return
        }
        const errors = refusalsFor(result)
        refuse(query, { kind: 'refused', errors, operations: null })
      }
    },
    onValidate({ context, params, setResult }) {
      const { documentAST: document } = params
      if (documents.accepted(document) !== undefined) return setResult([])
      return ({ result }) => {
        const { query } = context.parameters
        const operations = operationHeads(document)
        const errors = result.flatMap(refusalsFor)
        if (errors.length > 0) refuse(query, { kind: 'refused', errors, operations })
        documents.remember(query, { kind: 'accepted', document, operations, compiled: new Map() })
      }
    },
  }

  function refuse(text: string, refused: KnownDocument & { readonly kind: 'refused' }): never {
    documents.remember(text, refused)
    throw new AggregateError(refused.errors, 'The document is refused.')
  }
}

/** Whether all that the document's operations can ask for is what the control budget may pay. */
function isControlDocument(
  { claims }: Pick<GatewayContext, 'claims'>,
  document: DocumentNode,
): boolean {
  if (claims.control === null) return false
  const fragments = fragmentsOf(document)
  const rootFields = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? rootFieldsOf(definition, fragments) : [],
  )
  return isControl(claims, rootFields)
}

/** What it takes to be the first with a document: it is parsed and validated, then remembered. */
function attemptsFor({ loc }: DocumentNode): number {
  let tokens = 0
  for (let token = loc?.startToken ?? null; token !== null; token = token.next) tokens += 1
  return 1 + tokens / TOKENS_PER_ATTEMPT
}

const TOKENS_PER_ATTEMPT = 100

function refusalsFor(error: Error): readonly ApiError[] {
  if (error instanceof ApiError) return [error]
  if (error instanceof GraphQLError) return documentInvalid([error])
  throw error
}
