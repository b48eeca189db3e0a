import { Kind } from 'graphql'

import { paymentsOf } from '../schema/payments.ts'
import type { AskedOperation, ExecuteOptions } from './asked-operation.ts'

/** Notes the payments of a document anew after so long: the ledger forgets those that nobody asks any more. */
const NOTED_MS = 30 * 86_400_000

/**
 * Has the meter know, once in a while, what the operation of this document pays for: that of a document with several is
 * left out.
 */
export function noteDocument(
  { schema, demand: { meter, clock } }: Pick<ExecuteOptions, 'schema' | 'demand'>,
  { compiled, variables, context }: AskedOperation,
): void {
  const nowMs = clock().getTime()
  if (nowMs < compiled.notedUntilMs) return
  const { operation } = context.receipt
  const isOne = compiled.document.definitions.every(
    (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition === compiled.node,
  )
  if (operation !== null && isOne) {
    const paid = paymentsOf(schema, compiled.price.shares(variables))
    if (!meter.note({ document: operation.document, paid, atMs: nowMs })) return
  }
  compiled.notedUntilMs = nowMs + NOTED_MS
}
