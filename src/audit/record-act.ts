import type { Kysely } from 'kysely'
import { v7 } from 'uuid'
import type { ActorKind, DB } from '../database/tables.generated.ts'

/** Something that was done to an account. */
export interface RecordedAct {
  /** UUID of the account that it was done to. */
  readonly accountId: string
  /** UUID of the account that did it; null for nobody's. */
  readonly actorId: string | null
  readonly actorKind: ActorKind
  /** UUID of the key or session that it was done with. */
  readonly credentialId: string | null
  /** As the trail names it: `create-api-key`. */
  readonly action: string
  /** Id of what it was done to, as clients see it; null for the account itself. */
  readonly subject?: string | null
  readonly reason?: string | null
  readonly at: Date
}

/** The trail holds this act; in the same transaction as the act itself. */
export async function recordAct(kysely: Kysely<DB>, act: RecordedAct): Promise<void> {
  await kysely
    .insertInto('audit')
    .values({
      id: v7({ msecs: act.at.getTime() }),
      account_id: act.accountId,
      actor_id: act.actorId,
      actor_kind: act.actorKind,
      credential_id: act.credentialId,
      action: act.action,
      subject: act.subject ?? null,
      reason: act.reason ?? null,
      created_at: act.at,
    })
    .execute()
}
