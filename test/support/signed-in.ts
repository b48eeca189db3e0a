import { v7 } from 'uuid'

import { sealRow } from '../../src/vault/seal-row.ts'
import type { TestGateway } from './gateway.ts'

export interface SignedIn {
  readonly sessionId: string
  /** The access token, to be sent as Bearer. */
  readonly token: string
}

/** A session of the account, opened at this moment or at the one given. */
export async function signedIn(
  { acts }: Pick<TestGateway, 'acts'>,
  accountId: string,
  openedAt: Date = acts.clock(),
): Promise<SignedIn> {
  const sessionId = v7()
  await acts.database.kysely
    .insertInto('session')
    .values({
      id: sessionId,
      account_id: accountId,
      ...sealRow(acts.vault, 'session', { row: sessionId, owner: accountId }, { device: 'test' }),
      method: 'password',
      expires_at: new Date(openedAt.getTime() + 30 * 86_400_000),
      last_used_at: openedAt,
      created_at: openedAt,
    })
    .execute()
  const { token } = await acts.tokens.issue({ accountId, sessionId })
  return { sessionId, token }
}
