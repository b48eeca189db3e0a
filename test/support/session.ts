import type { Insertable } from 'kysely'
import { v7 } from 'uuid'
import type { Session } from '../../src/database/tables.generated.ts'
import { sealRow } from '../../src/vault/seal-row.ts'
import type { TestGateway } from './gateway.ts'

export interface TestSession {
  readonly id: string
  readonly accountId: string
  /** An access token for it, made now by the gateway's clock. */
  readonly token: string
}

/** A session as given, otherwise an open one for another 30 days, of a new account where none is given. */
export async function insertSession(
  { acts, database, account }: Pick<TestGateway, 'acts' | 'database' | 'account'>,
  over: Partial<Insertable<Session>> = {},
): Promise<TestSession> {
  const now = acts.clock()
  const { id = v7(), account_id: accountId = await account() } = over
  await database.kysely
    .insertInto('session')
    .values({
      id,
      account_id: accountId,
      ...sealRow(acts.vault, 'session', { row: id, owner: accountId }, { device: 'test' }),
      method: 'password',
      expires_at: new Date(now.getTime() + 30 * 86_400_000),
      last_used_at: now,
      created_at: now,
      ...over,
    })
    .execute()
  const { token } = await acts.tokens.issue({ accountId, sessionId: id })
  return { id, accountId, token }
}
