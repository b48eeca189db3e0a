import { sql, type Transaction, type UpdateObject } from 'kysely'
import { v7 } from 'uuid'
import { digestSecret, formatSecret } from '../../auth/sign-in/one-time-secret.ts'
import type { DB } from '../../database/tables.generated.ts'
import { sealRow } from '../../vault/seal-row.ts'
import type { BulkRunner } from './bulk-runner.ts'
import { CLAIM } from './claim-export.ts'
import { type ClaimedExport, type Failure, sealAsked } from './export-row.ts'
import { joinPart } from './part.ts'

/** Path of the files; the token of the link comes behind it. */
export const BULK_EXPORT_PATH = '/exports/bulk/'

const DAY_MS = 86_400_000

type Changes = UpdateObject<DB, 'bulk_export'>

const FREE = { claim: null, claimed_until: null } as const

export interface NewPage {
  /** A gzip member. */
  readonly bytes: Buffer
  readonly sets: number
  readonly next: string | null
  readonly total: number | null
}

/**
 * The page is part of the file, and the export stands behind it; after the last one the file has its link. Both or
 * neither: false where the export was cancelled, or another gateway has it.
 */
export function storePage(
  runner: BulkRunner,
  of: ClaimedExport,
  { bytes, sets, next, total }: NewPage,
): Promise<boolean> {
  const { database, vault, clock } = runner
  return database.kysely.transaction().execute(async (trx) => {
    const isMine = await change(trx, of, {
      total,
      sets: of.sets + sets,
      pages: of.pages + 1,
      bytes: sql`bytes + ${bytes.length}`,
      position: next ?? of.position,
      stumbles: 0,
      worked_at: clock(),
      ...(next === null ? finished(runner, of) : { claimed_until: CLAIM }),
    })
    if (!isMine) return false
    const { id: exportId, accountId, pages: number } = of
    const id = v7()
    const part = joinPart({ exportId, number, bytes })
    await trx
      .deleteFrom('bulk_export_page')
      .where('export_id', '=', exportId)
      .where('number', '=', number)
      .execute()
    await trx
      .insertInto('bulk_export_page')
      .values({
        id,
        account_id: accountId,
        export_id: exportId,
        number,
        created_at: clock(),
        ...sealRow(vault, 'bulk_export_page', { row: id, owner: accountId }, { part }),
      })
      .execute()
    return true
  })
}

/** Nothing more of it is made. */
export async function fail(
  { database, clock }: BulkRunner,
  of: ClaimedExport,
  failure: Failure,
): Promise<void> {
  const now = clock()
  const ended = { state: 'failed', failure, ended_at: now, worked_at: now, ...FREE } as const
  await change(database.kysely, of, ended)
}

/** It goes on once the wait is over. */
export async function pause(
  { database, clock }: BulkRunner,
  of: ClaimedExport,
  waitMs: number,
): Promise<void> {
  const now = clock()
  const resumeAt = new Date(now.getTime() + Math.ceil(waitMs))
  const paused = { state: 'paused', resume_at: resumeAt, worked_at: now, ...FREE } as const
  await change(database.kysely, of, paused)
}

/** Any gateway may go on with it, once others had their turn. */
export async function release({ database, clock }: BulkRunner, of: ClaimedExport): Promise<void> {
  await change(database.kysely, of, { worked_at: clock(), ...FREE })
}

/** The next page has failed: it is tried again once the claim has run out, but not without end. */
export async function stumble(runner: BulkRunner, of: ClaimedExport): Promise<void> {
  const stumbles = of.stumbles + 1
  if (stumbles >= STUMBLES_MAX) return fail(runner, of, 'internal')
  await change(runner.database.kysely, of, { stumbles, worked_at: runner.clock() })
}

const STUMBLES_MAX = 10

function finished({ vault, clock, random, publicUrl }: BulkRunner, of: ClaimedExport): Changes {
  const now = clock()
  const token = formatSecret('maat_lk_', random)
  const url = `${publicUrl}${BULK_EXPORT_PATH}${token}`
  return {
    state: 'done',
    digest: digestSecret(token),
    ...sealAsked(vault, { row: of.id, owner: of.accountId }, { ...of.asked, url }),
    ended_at: now,
    expires_at: new Date(now.getTime() + DAY_MS),
    ...FREE,
  }
}

/** Whether the export is still this gateway's. */
async function change(
  kysely: Pick<Transaction<DB>, 'updateTable'>,
  { id, claim }: ClaimedExport,
  changes: Changes,
): Promise<boolean> {
  const changed = await kysely
    .updateTable('bulk_export')
    .set(changes)
    .where('id', '=', id)
    .where('claim', '=', claim)
    .returning('id')
    .executeTakeFirst()
  return changed !== undefined
}
