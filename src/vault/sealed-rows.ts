/**
 * What is sealed at rest, table by table: the label (a name that lists show, found by exact match through its blind index)
 * and the members of the body, in the order in which they are stored. New members go to the end.
 *
 * A body is plain text before it is sealed: the JSON text of each member on a line of its own. JSON text holds no raw line
 * break, so one member is cut out without parsing any, and what leaves as JSON is never parsed at all.
 *
 * A table without a body has no blind index either.
 */
export const SEALED_ROWS = {
  account: { label: 'email', body: ['bio', 'image'] },
  api_key: { label: 'name', body: [] },
  session: { label: 'device', body: [] },
  second_factor: { label: 'secret', body: [] },
  one_time_link: { label: 'carried', body: [] },
  mail_request: { label: 'asked', body: [] },
  mail: { label: 'message', body: [] },
  idempotent_act: { label: 'outcome', body: [] },
  bulk_export: { label: 'asked', body: [] },
  limit_request: { label: 'purpose', body: [] },
  bulk_export_page: { label: 'part', body: [] },
  measurement_set: { label: 'name', body: ['notes', 'image', 'measurements'] },
  pattern: { label: 'name', body: ['notes', 'image', 'settings', 'data'] },
  curated_suggestion: { label: 'name', body: ['notes', 'measurements', 'note'] },
} as const satisfies Record<string, { readonly label: string; readonly body: readonly string[] }>

export type SealedTable = keyof typeof SEALED_ROWS

/** The parts of a row that are sealed apart, so that a list of names opens no bodies. */
export type SealedPart = 'label' | 'body'

/** UUIDs of a row and of the account that owns it. */
export interface RowIds {
  readonly row: string
  readonly owner: string
}

/**
 * The additional data that binds a sealed value to where it stands: a value moved to another row, owner, table or part
 * does not open. An account owns itself.
 */
export function place(table: SealedTable, part: SealedPart, ids: RowIds): string {
  return `${table}/${part}/${ids.row}/${ids.owner}`
}
