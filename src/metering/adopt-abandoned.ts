import { join } from 'node:path'

import { sql } from 'kysely'

import type { Database } from '../database/connect.ts'
import { abandonedIn, removeFolder } from './gateway-folder.ts'
import { shipFolder } from './ship-folder.ts'

export interface Adopting {
  readonly database: Pick<Database, 'pool' | 'kysely'>
  /** The folder of all meters of this machine. */
  readonly folder: string
  readonly onFailure: (error: unknown) => void
}

/** Brings into the ledger what gateways left that have ended, and removes their folders. */
export async function adoptAbandoned(options: Adopting): Promise<void> {
  const { database, folder, onFailure } = options
  for (const gateway of await abandonedIn(folder)) {
    const path = join(folder, gateway)
    // oxlint-disable no-await-in-loop -- one after the other: they may be large
    // Of one that ended long ago, nobody may know any more.
    await bookIn(options, gateway)
    await shipFolder({ database, gateway, path, onFailure, current: () => Infinity })
    await bookOut(options, gateway)
    // oxlint-enable no-await-in-loop
  }
}

/** The ledger waits for this gateway from now on. */
export async function bookIn({ database }: Adopting, gateway: string): Promise<void> {
  await sql`
    insert into meter_gateway (gateway_id, shipped_at) values (${gateway}, to_timestamp(0)) on conflict do nothing`.execute(
    database.kysely,
  )
}

/** All that this gateway recorded is in the ledger, and there will be no more. */
export async function bookOut({ database, folder }: Adopting, gateway: string): Promise<void> {
  await removeFolder(join(folder, gateway))
  await sql`update meter_gateway set ended_at = clock_timestamp(), shipped_at = clock_timestamp() where gateway_id = ${gateway}`.execute(
    database.kysely,
  )
}
