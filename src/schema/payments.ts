import { type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql'

import type { Share } from '../cost/estimated-shares.ts'
import { FIELD_PRICES, type FieldPrice, PRICE } from './prices.ts'

/** What points are paid for: the operation itself, objects that it is answered, and calls of fields, by kind. */
export type Payment = 'operation' | 'object' | Exclude<FieldPrice, 'shape'>

const { shape: _free, ...FIELDS } = FIELD_PRICES

/** What each of them costs, in points. */
export const PAYMENTS: Readonly<Record<Payment, number>> = { operation: 1, object: 1, ...FIELDS }

/** How often an operation pays for what; absent: never. Objects by what they weigh: a line of the ledger is a part of one. */
export type PaymentCounts = Readonly<Partial<Record<Payment, number>>>

/** How often an operation pays for what at most, by what its fields can cost. */
export function paymentsOf(schema: GraphQLSchema, shares: readonly Share[]): PaymentCounts {
  const counts: Partial<Record<Payment, number>> = { operation: 1 }
  const add = (payment: Payment, count: number): void => {
    if (count > 0) counts[payment] = (counts[payment] ?? 0) + count
  }
  for (const { type: name, field, calls, objects } of shares) {
    const type = schema.getType(name)
    const kind = isObjectType(type) ? kindOf(type.getFields()[field]) : null
    if (kind !== null) add(kind, calls)
    add('object', objects)
  }
  return counts
}

/** What a call of this field pays for; null: nothing. */
export function kindOf(field: GraphQLField<unknown, unknown> | undefined): Payment | null {
  // Written by the builder alone.
  const { [PRICE]: kind } = (field?.extensions ?? {}) as { readonly [PRICE]?: FieldPrice }
  return kind === undefined || kind === 'shape' ? null : kind
}
