import type { Transaction } from 'kysely'
import { recordAct } from '../audit/record-act.ts'
import type { DB } from '../database/tables.generated.ts'
import type { ActContext } from './act.ts'

/** The owner's access log tells that whoever asks has done this to the account; in the transaction of the act. */
export function record(
  trx: Transaction<DB>,
  { principal, clock }: Pick<ActContext, 'principal' | 'clock'>,
  act: {
    readonly accountId: string
    readonly action: string
    readonly subject?: string
    readonly reason?: string | null
  },
): Promise<void> {
  const { accountId: actorId, keyId, sessionId } = principal
  const actorKind = keyId !== null ? 'key' : actorId === null ? 'link' : 'session'
  return recordAct(trx, {
    ...act,
    actorId,
    actorKind,
    credentialId: keyId ?? sessionId,
    at: clock(),
  })
}
