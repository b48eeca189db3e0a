import { type Measurements, measuredBits } from '../../measurements/definitions.ts'
import { sealRow, splitBody } from '../../vault/seal-row.ts'
import { place, type RowIds, SEALED_ROWS } from '../../vault/sealed-rows.ts'
import type { Vault } from '../../vault/vault.ts'

/** What is sealed of a suggestion: what may become public, and what its owner says of it to curators. */
export interface SuggestionContent {
  readonly name: string
  readonly notes: string | null
  /** With inherited values: millimetres, degrees for angles. */
  readonly measurements: Measurements
  /** For curators alone. */
  readonly note: string | null
}

/** The columns that hold it, ready to be stored. */
export function sealSuggestion(vault: Vault, ids: RowIds, content: SuggestionContent) {
  return {
    ...sealRow(vault, 'curated_suggestion', ids, { ...content }),
    measured: measuredBits(content.measurements).toString(),
  }
}

/** What the row of a suggestion holds. */
export function openSuggestion(
  vault: Vault,
  row: {
    readonly id: string
    readonly account_id: string
    readonly label: string
    readonly body: string
  },
): SuggestionContent {
  const ids = { row: row.id, owner: row.account_id }
  const members = splitBody(vault.open(row.body, place('curated_suggestion', 'body', ids)))
  const read = (name: (typeof MEMBERS)[number]): unknown =>
    JSON.parse(members[MEMBERS.indexOf(name)] ?? 'null')
  return {
    name: vault.open(row.label, place('curated_suggestion', 'label', ids)),
    // Written by sealSuggestion alone, and authenticated by the vault.
    notes: read('notes') as string | null,
    measurements: read('measurements') ?? {},
    note: read('note') as string | null,
  }
}

const MEMBERS = SEALED_ROWS.curated_suggestion.body
