import { recordAct } from '../../audit/record-act.ts'
import { isAccessLevel } from '../../auth/access.ts'
import type { Acts } from '../../auth/act.ts'
import { holds } from '../../auth/check-scope.ts'
import { digestSecret, parseSecret } from '../../auth/sign-in/one-time-secret.ts'
import { place } from '../../vault/sealed-rows.ts'
import { splitPart } from './part.ts'
import { presentPrincipal } from './present-principal.ts'

/** A file that is whole. */
export interface BulkFile {
  /** UUID. */
  readonly exportId: string
  readonly publicId: string
  readonly accountId: string
  readonly pages: number
  readonly bytes: number
  readonly endedAt: Date
}

type Source = Pick<Acts, 'database' | 'vault' | 'clock'>

/** The file that this token opens at this moment; null where it opens none, also where whoever asked for it may not any more. */
export async function findFile(
  { database, clock }: Source,
  token: string,
): Promise<BulkFile | null> {
  if (parseSecret('maat_lk_', token) === null) return null
  const now = clock()
  const row = await database.kysely
    .selectFrom('bulk_export')
    .selectAll()
    .where('digest', '=', digestSecret(token))
    .where('state', '=', 'done')
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (row === undefined || row.ended_at === null || !isAccessLevel(row.level)) return null
  const { account_id: accountId, level, credential_id: id } = row
  const kind = row.credential_kind === 'key' ? 'key' : 'session'
  const credential = { kind, id, level } as const
  const present = await presentPrincipal(database.kysely, { accountId, credential }, now)
  if (present.kind === 'gone') return null
  const scope = row.is_all ? 'sets:read-all' : 'own-sets:read'
  if (!holds(present.principal.standing, scope)) return null
  return {
    exportId: row.id,
    publicId: `exp_${row.slug}`,
    accountId,
    pages: row.pages,
    bytes: Number(row.bytes),
    endedAt: row.ended_at,
  }
}

/** The bytes of a file, a page in memory at a time. */
export async function* readFile(
  { database, vault }: Source,
  { exportId, accountId, pages }: BulkFile,
): AsyncGenerator<Buffer> {
  for (let number = 0; number < pages; number += 1) {
    const { id, label } = await database.kysely
      .selectFrom('bulk_export_page')
      .select(['id', 'label'])
      .where('export_id', '=', exportId)
      .where('number', '=', number)
      .executeTakeFirstOrThrow()
    const where = place('bulk_export_page', 'label', { row: id, owner: accountId })
    yield splitPart(vault.open(label, where), { exportId, number })
  }
}

/** The owner's access log tells that the file was downloaded. */
export async function noteDownload(
  { database, clock }: Source,
  { accountId, publicId }: BulkFile,
): Promise<void> {
  await recordAct(database.kysely, {
    accountId,
    actorId: null,
    actorKind: 'link',
    credentialId: null,
    action: 'download-bulk-export',
    subject: publicId,
    at: clock(),
  })
}
