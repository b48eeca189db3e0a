import { builder } from './builder.ts'
import type { ArgumentValues, PageFilter, PageOrder } from './plan/source.ts'
import { sql } from 'kysely'

/** Orders of every list whose rows are made and changed. */
export const DATED_ORDERS = {
  CREATED_AT: { tag: 'created', column: 'created_at', type: 'timestamp' },
  UPDATED_AT: { tag: 'updated', column: 'updated_at', type: 'timestamp' },
} as const satisfies Record<string, PageOrder>

export const DatedOrder = builder.enumType('DatedOrder', {
  description: 'By what a list is sorted, earliest first; `last` reads it from the other end.',
  values: {
    CREATED_AT: { description: 'When the item was made.' },
    UPDATED_AT: { description: 'When the item last changed.' },
  } as const,
})

/** The order an argument `orderBy` asks for. */
export function datedOrder(values: ArgumentValues): string {
  return values['orderBy'] === 'UPDATED_AT' ? 'UPDATED_AT' : 'CREATED_AT'
}

export function byCreation(): string {
  return 'CREATED_AT'
}

/** A filter on a member of the argument `filter`. */
export function filterBy(
  name: string,
  where: PageFilter['where'],
  bind?: PageFilter['bind'],
): PageFilter {
  return {
    value: (values) => memberOf(values['filter'], name),
    where,
    ...(bind === undefined ? {} : { bind }),
  }
}

export const publicIs: PageFilter = filterBy(
  'public',
  (row, value) => sql`${sql.ref(`${row}.public`)} = ${value}::boolean`,
)

export const updatedSince: PageFilter = filterBy(
  'updatedSince',
  (row, value) => sql`${sql.ref(`${row}.updated_at`)} >= ${value}::timestamptz`,
)

/** Exact match of a sealed name, through its blind index. */
export const nameEquals: PageFilter = filterBy(
  'nameEquals',
  (row, value) => sql`${sql.ref(`${row}.label_index`)} = ${value}::bytea`,
  (name, { vault }) => vault.labelIndex(String(name)),
)

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
