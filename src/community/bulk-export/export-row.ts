import { sql } from 'kysely'
import type { BulkExportFailure } from '../../database/tables.generated.ts'
import type { AccessLevel } from '../../auth/access.ts'
import { type RowIds, place } from '../../vault/sealed-rows.ts'
import { sealRow } from '../../vault/seal-row.ts'
import type { Vault } from '../../vault/vault.ts'

/** SQL: exports that have not ended. The same as the conditions of their indexes. */
export const UNFINISHED = sql<boolean>`state in ('waiting', 'running', 'paused')`

/** What is sealed of an export. */
export interface AskedExport {
  /** As it was sent. */
  readonly query: string
  /** Link to the file; null where there is none. */
  readonly url: string | null
}

/** An export that this gateway works on, as it stands. Ids are UUIDs. */
export interface ClaimedExport {
  readonly id: string
  readonly claim: string
  readonly accountId: string
  readonly credential: {
    readonly kind: 'key' | 'session'
    readonly id: string | null
    readonly level: AccessLevel
  }
  readonly asked: AskedExport
  readonly total: number | null
  readonly sets: number
  readonly pages: number
  readonly position: string | null
  readonly stumbles: number
}

/** Why an export does not go on. */
export type Failure = BulkExportFailure

export function sealAsked(vault: Vault, ids: RowIds, asked: AskedExport) {
  return sealRow(vault, 'bulk_export', ids, { asked: JSON.stringify(asked) })
}

export function openAsked(vault: Vault, ids: RowIds, label: string): AskedExport {
  return JSON.parse(vault.open(label, place('bulk_export', 'label', ids))) as AskedExport // written by sealAsked alone
}
