import { type RowIds, SEALED_ROWS, type SealedTable, place } from './sealed-rows.ts'
import type { Vault } from './vault.ts'

type Rules = typeof SEALED_ROWS

/** The columns that hold what is sealed of a row. A table without a body has no blind index either. */
export type SealedColumns<T extends SealedTable> = Rules[T]['body'] extends readonly []
  ? { readonly label: string }
  : { readonly label: string; readonly label_index: Buffer; readonly body: string }

/** The label's text and the body's members, by name. A member that is not given is stored as null. */
export type SealedValues<T extends SealedTable> = {
  readonly [name in Rules[T]['label']]: string
} & { readonly [name in Rules[T]['body'][number]]?: unknown }

/** The sealed columns of one row, ready to be stored. */
export function sealRow<T extends SealedTable>(
  vault: Vault,
  table: T,
  ids: RowIds,
  values: SealedValues<T>,
): SealedColumns<T> {
  const { label: labelName, body: members } = SEALED_ROWS[table]
  const given: Readonly<Record<string, unknown>> = values
  const text = given[labelName]
  if (typeof text !== 'string') throw new TypeError(`${table}.${labelName} is not a text`)
  const label = vault.seal(text, place(table, 'label', ids))
  if (members.length === 0) {
    // TypeScript does not narrow T by a look at the table's rules.
    return { label } as SealedColumns<T>
  }
  const body = joinBody(members.map((name) => given[name]))
  return {
    label,
    label_index: vault.labelIndex(text),
    body: vault.seal(body, place(table, 'body', ids)),
    // As above.
  } as SealedColumns<T>
}

/** A body before it is sealed: the JSON text of each member on a line of its own. */
export function joinBody(members: readonly unknown[]): string {
  return members.map((member) => JSON.stringify(member) ?? 'null').join('\n')
}

/** The JSON text of each member of an opened body, in the order of SEALED_ROWS; members younger than the row read `null`. */
export function splitBody(text: string): string[] {
  const members = text === '' ? [] : text.split('\n')
  while (members.length < MOST_MEMBERS) members.push('null')
  return members
}

const MOST_MEMBERS = Math.max(...Object.values(SEALED_ROWS).map(({ body }) => body.length))
