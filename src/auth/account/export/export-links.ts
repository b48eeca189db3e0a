import { z } from 'zod'
import { recordAct } from '../../../audit/record-act.ts'
import { type ActContext, type Acts, accountOf, type Outcome } from '../../act.ts'
import { record } from '../../record.ts'
import { makeLink, spendLinks } from '../../sign-in/links.ts'
import { digestSecret, parseSecret } from '../../sign-in/one-time-secret.ts'
import { transactOnce } from '../../transact.ts'

/** The path that exports are downloaded from; the token of the link comes behind it. */
export const EXPORT_PATH = '/account-export/'

export const exportAccountSchema = z.object({
  input: z
    .object({
      format: z
        .string()
        .toLowerCase()
        .pipe(z.enum(['json', 'yaml'])),
    })
    .nullish(),
})

/**
 * Makes a link to a file with everything that is stored of the own account. It opens that until it has been downloaded as
 * a whole, or a day is over, or there is a newer one.
 */
export function exportAccount(
  context: ActContext,
  { input }: z.infer<typeof exportAccountSchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  const format = input?.format ?? 'json'
  return transactOnce(context, async (trx) => {
    await spendLinks(trx, context, { accountId, purpose: 'export' })
    const { token, expiresAt } = await makeLink(trx, context, { accountId, purpose: 'export' })
    await record(trx, context, { accountId, action: 'export-account' })
    return {
      type: 'ExportAccountPayload',
      values: { expiresAt: expiresAt.toISOString() },
      secrets: { url: `${context.publicUrl}${EXPORT_PATH}${token}?format=${format}` },
    }
  })
}

export interface ExportLink {
  readonly linkId: string
  readonly accountId: string
}

/** Whose export this token opens at this moment; null where it opens none. It stays good: see endExport. */
export async function findExport(
  { database, clock }: Pick<Acts, 'database' | 'clock'>,
  token: string,
): Promise<ExportLink | null> {
  if (parseSecret('maat_lk_', token) === null) return null
  const link = await database.kysely
    .selectFrom('one_time_link')
    .select(['id', 'account_id'])
    .where('digest', '=', digestSecret(token))
    .where('purpose', '=', 'export')
    .where('used_at', 'is', null)
    .where('expires_at', '>', clock())
    .executeTakeFirst()
  return link === undefined ? null : { linkId: link.id, accountId: link.account_id }
}

/** The link has done its work and opens nothing any more, and the owner's access log tells of the download. */
export async function endExport(
  { database, clock }: Pick<Acts, 'database' | 'clock'>,
  { linkId, accountId }: ExportLink,
): Promise<void> {
  await database.kysely.transaction().execute(async (trx) => {
    const used = await trx
      .updateTable('one_time_link')
      .set({ used_at: clock() })
      .where('id', '=', linkId)
      .where('used_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    // The account, and the link with it, may have gone meanwhile.
    if (used === undefined) return
    await recordAct(trx, {
      accountId,
      actorId: null,
      actorKind: 'link',
      credentialId: null,
      action: 'download-export',
      at: clock(),
    })
  })
}
