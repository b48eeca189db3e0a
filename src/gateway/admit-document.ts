import type { DocumentNode } from 'graphql'

import type { KnownDocument } from './known-documents.ts'
import type { GatewayContext } from './request.ts'
import { selectOperation } from './select-operation.ts'

/**
 * The document, when it may run and holds the operation that the request names.
 * @throws {ApiError} OPERATION_UNKNOWN or METHOD_NOT_ALLOWED
 * @throws {AggregateError} of all ApiErrors that refuse the document
 */
export function admitDocument(
  known: KnownDocument,
  { parameters, method }: Pick<GatewayContext, 'parameters' | 'method'>,
): DocumentNode {
  if (known.operations !== null) {
    selectOperation(known.operations, parameters.operationName, method)
  }
  if (known.kind === 'accepted') return known.document
  throw new AggregateError(known.errors, 'The document is refused.')
}
