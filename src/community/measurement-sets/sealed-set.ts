import type { Measurements } from '../../measurements/definitions.ts'
import { measuredBits } from '../../measurements/definitions.ts'
import { sealRow, type SealedColumns, splitBody } from '../../vault/seal-row.ts'
import { place, type RowIds, SEALED_ROWS } from '../../vault/sealed-rows.ts'
import type { Vault } from '../../vault/vault.ts'

/** What is sealed of a measurement set. */
export interface SetContent {
  readonly name: string
  readonly notes: string | null
  readonly image: string | null
  /** What the set holds itself: millimetres, degrees for angles. */
  readonly measurements: Measurements
}

/** The columns that hold it, ready to be stored. */
export function sealSet(
  vault: Vault,
  ids: RowIds,
  content: SetContent,
): SealedColumns<'measurement_set'> & { readonly measured: string } {
  return {
    ...sealRow(vault, 'measurement_set', ids, { ...content }),
    measured: measuredBits(content.measurements).toString(),
  }
}

/** What the row of a set holds. */
export function openSet(
  vault: Vault,
  row: {
    readonly id: string
    readonly account_id: string
    readonly label: string
    readonly body: string
  },
): SetContent {
  const ids = { row: row.id, owner: row.account_id }
  const members = splitBody(vault.open(row.body, place('measurement_set', 'body', ids)))
  const read = (name: (typeof MEMBERS)[number]): unknown =>
    JSON.parse(members[MEMBERS.indexOf(name)] ?? 'null')
  return {
    name: vault.open(row.label, place('measurement_set', 'label', ids)),
    // Written by sealSet alone, and authenticated by the vault.
    notes: read('notes') as string | null,
    image: read('image') as string | null,
    measurements: read('measurements') ?? {},
  }
}

const MEMBERS = SEALED_ROWS.measurement_set.body
