import { sql } from 'kysely'
import { v7 } from 'uuid'
import type { SealedTable } from '../../vault/sealed-rows.ts'
import type { Vault } from '../../vault/vault.ts'
import type { Acts } from '../act.ts'
import { holds } from '../check-scope.ts'
import type { Principal } from '../principal.ts'

/** What is opened while one operation of a principal is answered. */
export interface WatchedReads {
  /** Opens what the answer tells. */
  readonly vault: Vault
  /**
   * The access logs of all others whose sets or patterns were opened tell of it: of each reader, key or session and day
   * once. Before the answer leaves: nothing is read that no log tells of.
   */
  readonly note: () => Promise<void>
}

/** Tables whose rows stand in the log of their owner when others open them, and under which name. */
const ACTIONS: Readonly<Partial<Record<string, string>>> = {
  measurement_set: 'read-measurement-sets',
  pattern: 'read-patterns',
} as const satisfies Partial<Record<SealedTable, string>>

/**
 * Watches what is opened for a principal who sees the rows of all accounts; null for everybody else. Public rows count as
 * well; what is not sealed (ids, dates, counts) does not.
 */
export function watchReads(
  { vault, database, clock }: Pick<Acts, 'vault' | 'database' | 'clock'>,
  principal: Principal,
): WatchedReads | null {
  const { standing, accountId } = principal
  if (accountId === null || !holds(standing, 'accounts:read')) return null
  /** Owner and action, divided by a space. */
  const opened = new Set<string>()

  function watch(where: string): void {
    const [table = '', , , owner = ''] = where.split('/')
    const action = ACTIONS[table]
    if (action !== undefined && owner !== accountId) opened.add(`${owner} ${action}`)
  }

  return {
    vault: {
      pepper: vault.pepper,
      seal: (plain, where) => vault.seal(plain, where),
      labelIndex: (label) => vault.labelIndex(label),
      sessionKeys: (wanted) => vault.sessionKeys(wanted),
      open(sealed, where) {
        watch(where)
        return vault.open(sealed, where)
      },
      openLabel(sealed, where) {
        watch(where)
        return vault.openLabel(sealed, where)
      },
    },
    async note() {
      if (opened.size === 0) return
      const now = clock()
      const day = new Date(now.toISOString().slice(0, 10))
      const reads = [...opened].map((read) => read.split(' '))
      const { kind } = standing
      const credential = principal.keyId ?? principal.sessionId
      // The account may have gone since.
      await sql`
        insert into audit (id, account_id, actor_id, actor_kind, credential_id, action, created_at)
        select r.id, r.owner, ${accountId}::uuid, ${kind}::actor_kind, ${credential}::uuid, r.action, ${now}::timestamptz
        from unnest(
          ${reads.map(() => v7({ msecs: now.getTime() }))}::uuid[],
          ${reads.map(([owner]) => owner)}::uuid[],
          ${reads.map(([, action]) => action)}::text[]
        ) as r (id, owner, action) join account on account.id = r.owner
        where not exists (
          select from audit l where l.account_id = r.owner and l.created_at >= ${day}::timestamptz
            and l.actor_id = ${accountId}::uuid and l.action = r.action
            and l.credential_id is not distinct from ${credential}::uuid
        )`.execute(database.kysely)
    },
  }
}
