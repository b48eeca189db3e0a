import type { Database } from '../database/connect.ts'
import type { Unsubscribe } from '../database/listen.ts'
import type { Authenticator } from './authenticate.ts'

/**
 * The authenticator asks anew for a key, or for all keys of an account, as soon as another process has changed it, and
 * for every key when it may not have been told. Without this it finds out within 5 s.
 */
export function followKeyChanges(
  database: Pick<Database, 'listen'>,
  { forget, clear }: Pick<Authenticator, 'forget' | 'clear'>,
): Unsubscribe {
  return database.listen({ channel: 'maat_key_changes', onNotice: forget, onGap: clear })
}
