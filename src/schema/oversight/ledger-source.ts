import type { RawBuilder } from 'kysely'
import type { ComputedSource, Link, ListSource, Rows } from '../plan/source.ts'

/** Who reads what all accounts have used together. */
export const scope = 'oversight:read'

/** Most rows of a list of this report. */
export const TOP = 20

/** What all accounts have used together. */
export const ledgerRows: Rows = {
  table: 'usage_apart',
  prefix: null,
  owner: null,
  visibleTo: () => null,
}

/** One row that a query makes. */
export function computed(query: ComputedSource['query']): ComputedSource {
  return { kind: 'computed', rows: ledgerRows, query, problems: () => [] }
}

type Linked = Omit<Link, 'row'>

/** Rows that a query makes, in an order that tells all of them apart. */
export function list(
  query: (link: Linked) => RawBuilder<unknown>,
  atMost: number,
  order: ListSource['order'],
): ListSource {
  return { kind: 'list', rows: ledgerRows, query, atMost, order }
}

/** What the fields of lists have in common. */
export function listed(description: string, atMost = TOP) {
  return { scope, price: 'sum', atMost, description } as const
}
