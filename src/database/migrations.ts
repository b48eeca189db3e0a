import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { sql } from 'kysely'
import type { Migration, MigrationProvider } from 'kysely/migration'

const FOLDER = fileURLToPath(new URL('../../db/migrations', import.meta.url))

/**
 * The plain SQL files of db/migrations, by name without `.sql`. A name that holds `.breaking` stops gateways that do not
 * know it.
 */
export const sqlFiles: MigrationProvider = {
  async getMigrations() {
    const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql'))
    return Object.fromEntries(files.map((file) => [file.slice(0, -'.sql'.length), migration(file)]))
  },
}

/** Gives up after 5 s behind somebody's lock, before requests queue up behind it. */
function migration(file: string): Migration {
  return {
    async up(db) {
      await sql`set local lock_timeout = '5s'`.execute(db)
      await sql.raw(await readFile(`${FOLDER}/${file}`, 'utf8')).execute(db)
    },
  }
}
