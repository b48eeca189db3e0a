import { OperationTypeNode } from 'graphql'

import { apiError } from '../errors.ts'
import type { OperationHead } from './known-documents.ts'

/**
 * The operation that a request means: the one with this name, or the only one.
 * @throws {ApiError} OPERATION_UNKNOWN, or METHOD_NOT_ALLOWED for anything but a query over GET
 */
export function selectOperation(
  operations: readonly OperationHead[],
  name: string | null,
  method: 'GET' | 'POST',
): OperationHead {
  const operation = name === null ? only(operations) : operations.find((head) => head.name === name)
  if (operation === undefined) {
    throw apiError('OPERATION_UNKNOWN', { message: unknownMessage(operations, name) })
  }
  if (method === 'GET' && operation.kind !== OperationTypeNode.QUERY) {
    throw apiError('METHOD_NOT_ALLOWED', {
      message: `Send a ${operation.kind} with POST. GET is for queries.`,
      extensions: { allow: 'POST' },
    })
  }
  return operation
}

function only(operations: readonly OperationHead[]): OperationHead | undefined {
  return operations.length === 1 ? operations[0] : undefined
}

function unknownMessage(operations: readonly OperationHead[], name: string | null): string {
  if (operations.length === 0) return 'The document holds no operation.'
  if (name === null) return 'The document holds several operations: name one in operationName.'
  return 'The document holds no operation of this name.'
}
