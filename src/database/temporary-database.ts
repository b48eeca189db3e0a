import { randomBytes } from 'node:crypto'

import { sql } from 'kysely'
import pg from 'pg'

import { StartError } from '../errors.ts'
import type { OpenDatabase } from './open.ts'

export interface TemporaryDatabase {
  readonly url: string
  /** It is gone, and whoever still used it is cut off. */
  readonly drop: () => Promise<void>
}

const MAY_NOT_CREATE = '42501'

/**
 * An empty database beside this one, on the same server and for the same role.
 * @throws {StartError} where the role may not make databases
 */
export async function createTemporaryDatabase(
  { kysely, url }: Pick<OpenDatabase, 'kysely' | 'url'>,
  purpose: string,
): Promise<TemporaryDatabase> {
  const name = `maat_${purpose}_${randomBytes(6).toString('hex')}`
  // template1 may hold anything, and somebody who looks at it keeps others from copying it.
  await sql`create database ${sql.id(name)} template template0`.execute(kysely).catch(explain)
  const own = new URL(url)
  own.pathname = `/${name}`
  return {
    url: own.href,
    async drop() {
      await sql`drop database if exists ${sql.id(name)} with (force)`.execute(kysely)
    },
  }
}

function explain(error: unknown): never {
  if (!(error instanceof pg.DatabaseError) || error.code !== MAY_NOT_CREATE) throw error
  throw new StartError(
    'The role of DATABASE_URL may not make a database. Let it: alter role … createdb.',
    { cause: error },
  )
}
