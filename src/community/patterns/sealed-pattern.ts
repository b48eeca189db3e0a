import { sealRow, type SealedColumns, splitBody } from '../../vault/seal-row.ts'
import { place, type RowIds, SEALED_ROWS } from '../../vault/sealed-rows.ts'
import type { Vault } from '../../vault/vault.ts'
import type { JsonObject } from '../json-object.ts'

/** What is sealed of a pattern. */
export interface PatternContent {
  readonly name: string
  readonly notes: string | null
  readonly image: string | null
  readonly settings: JsonObject | null
  readonly data: JsonObject | null
}

/** The columns that hold it, ready to be stored. */
export function sealPattern(
  vault: Vault,
  ids: RowIds,
  content: PatternContent,
): SealedColumns<'pattern'> {
  return sealRow(vault, 'pattern', ids, { ...content })
}

/** What the row of a pattern holds. */
export function openPattern(
  vault: Vault,
  row: {
    readonly id: string
    readonly account_id: string
    readonly label: string
    readonly body: string
  },
): PatternContent {
  const ids = { row: row.id, owner: row.account_id }
  const members = splitBody(vault.open(row.body, place('pattern', 'body', ids)))
  const read = (name: (typeof MEMBERS)[number]): unknown =>
    JSON.parse(members[MEMBERS.indexOf(name)] ?? 'null')
  return {
    name: vault.open(row.label, place('pattern', 'label', ids)),
    // Written from checked input, and authenticated by the vault.
    notes: read('notes') as string | null,
    image: read('image') as string | null,
    settings: read('settings') as JsonObject | null,
    data: read('data') as JsonObject | null,
  }
}

const MEMBERS = SEALED_ROWS.pattern.body
