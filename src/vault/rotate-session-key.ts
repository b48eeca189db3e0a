import { openVault, readKeyFile, replaceKeyFile, type VaultDatabase } from './key-file.ts'
import { withFreshKey, withoutKeys } from './key-ring.ts'

export interface SessionKeyRotation {
  /** The key that signs from now on. */
  readonly keyId: string
  /** The one that did until now: it verifies what it signed. */
  readonly before: string
  /** Keys that left the file and the database. */
  readonly forgotten: readonly string[]
}

/**
 * A fresh key signs sessions; gateways that run take it up from the file within a second. The key before it stays, and
 * those before that one go: what they signed has expired long ago, unless somebody rotates twice within ten minutes.
 * @throws {StartError} when the key file is not the database's own
 */
export async function rotateSessionKey(
  database: VaultDatabase,
  keyFile: string,
): Promise<SessionKeyRotation> {
  const ring = await readKeyFile(keyFile)
  const before = ring.sessions.current
  const fresh = withFreshKey(ring, 'sessions')
  await replaceKeyFile(keyFile, fresh)
  // The database knows the key before anything that it signed is seen.
  await openVault(database, keyFile)
  const keyId = fresh.sessions.current
  const forgotten = [...fresh.sessions.keys.keys()].filter((id) => id !== keyId && id !== before)
  if (forgotten.length > 0) {
    // First the database: a file that lacks a key which the database knows would stop every start.
    await database.kysely
      .deleteFrom('vault_key')
      .where('purpose', '=', 'sessions')
      .where('key_id', 'in', forgotten)
      .execute()
    await replaceKeyFile(keyFile, withoutKeys(fresh, 'sessions', new Set(forgotten)))
  }
  return { keyId, before, forgotten }
}
