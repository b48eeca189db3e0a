import { type Kysely, sql } from 'kysely'

import type { DB } from '../database/tables.generated.ts'
import { StartError } from '../errors.ts'

/**
 * Runs one rotation of any kind at a time, without the limits that hold for requests: two that change the key file at once
 * would lose a key.
 * @throws {StartError} when another one runs
 */
export async function rotateAlone<T>(connection: Kysely<DB>, run: () => Promise<T>): Promise<T> {
  const lock = await sql<{ taken: boolean }>`
    select pg_try_advisory_lock(${ROTATION_LOCK.toString()}::bigint) as taken`.execute(connection)
  if (lock.rows[0]?.taken !== true) {
    throw new StartError('Another rotation is running on this database. Wait until it is done.')
  }
  try {
    await sql`set statement_timeout = 0`.execute(connection)
    return await run()
  } finally {
    await sql`reset statement_timeout`.execute(connection)
    await sql`select pg_advisory_unlock(${ROTATION_LOCK.toString()}::bigint)`.execute(connection)
  }
}

/** 'maat' and a number of our own, as one lock of the database's. */
const ROTATION_LOCK = 0x6d616174_0002n
