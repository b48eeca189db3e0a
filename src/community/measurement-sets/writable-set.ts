import { type Kysely, sql, type Transaction } from 'kysely'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { holds } from '../../auth/check-scope.ts'
import { problem } from '../../auth/problems.ts'
import type { DB } from '../../database/tables.generated.ts'

type Caller = Pick<ActContext, 'principal'>

/**
 * The set that the caller may change; null where there is none: own, or another's for whoever may write those, as long as
 * its owner consents to measurements being processed.
 */
export async function findWritableSet(kysely: Kysely<DB>, caller: Caller, id: string | null) {
  return (await writableSet(kysely, caller, id).executeTakeFirst()) ?? null
}

/** As `findWritableSet`; nobody else changes it until the transaction is through. */
export async function lockSet(trx: Transaction<DB>, caller: Caller, id: string | null) {
  const locked = writableSet(trx, caller, id).forUpdate('measurement_set')
  return (await locked.executeTakeFirst()) ?? null
}

function writableSet(kysely: Kysely<DB>, caller: Caller, id: string | null) {
  const consented = holds(caller.principal.standing, 'sets:write')
    ? sql<boolean>`account.consent = 'measurements'`
    : sql<boolean>`false`
  return kysely
    .selectFrom('measurement_set')
    .innerJoin('account', 'account.id', 'measurement_set.account_id')
    .selectAll('measurement_set')
    .where('measurement_set.id', '=', id)
    .where((eb) => eb.or([eb('account_id', '=', accountOf(caller)), consented]))
}

/** What a writer comes to who has read another version than the present one; null where that is the one. */
export function conflictWith(
  { version }: { readonly version: number },
  read: number | null | undefined,
): Outcome | null {
  if (read == null || read === version) return null
  return problem('VersionConflict', { currentVersion: version })
}
