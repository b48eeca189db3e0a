import { sql, type Transaction } from 'kysely'
import { v7 } from 'uuid'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import type { DB } from '../../database/tables.generated.ts'
import { formatId } from '../../ids.ts'
import { sealAsked } from './export-row.ts'

/** A query that has been checked, and may be run by whoever asks. */
export interface StartExport {
  readonly query: string
  /** Whether it reads the sets of all accounts. */
  readonly isAll: boolean
}

/**
 * Queues an export: a gateway takes it up within seconds. There is one at a time for each account; the file of the one
 * before it is gone.
 */
export function startExport(context: ActContext, { query, isAll }: StartExport): Promise<Outcome> {
  const { principal, vault, clock } = context
  const { standing, keyId, sessionId } = principal
  const accountId = accountOf(context)
  return transactOnce(context, async (trx) => {
    const id = v7()
    const now = clock()
    const { numInsertedOrUpdatedRows: inserted } = await trx
      .insertInto('bulk_export')
      .values({
        id,
        account_id: accountId,
        credential_kind: keyId === null ? 'session' : 'key',
        credential_id: keyId ?? sessionId,
        level: standing.level ?? 0,
        is_all: isAll,
        ...sealAsked(vault, { row: id, owner: accountId }, { query, url: null }),
        created_at: now,
        worked_at: now,
      })
      .onConflict((conflict) =>
        conflict
          .column('account_id')
          .where(sql<boolean>`state in ('waiting', 'running', 'paused')`)
          .doNothing(),
      )
      .executeTakeFirstOrThrow()
    if (inserted === 0n) return problem('BulkExportRunning')
    await endEarlier(trx, accountId, now)
    const subject = formatId('exp', id)
    await record(trx, context, { accountId, action: 'start-bulk-export', subject })
    return { type: 'StartBulkExportPayload', rows: { bulkExport: id } }
  })
}

/** Links to files of earlier exports end; the files go soon. */
async function endEarlier(trx: Transaction<DB>, accountId: string, now: Date): Promise<void> {
  await trx
    .updateTable('bulk_export')
    .set({ expires_at: now })
    .where('account_id', '=', accountId)
    .where('state', '=', 'done')
    .where('expires_at', '>', now)
    .execute()
}
