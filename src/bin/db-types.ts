import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { PostgresDialect, generate } from 'kysely-codegen'

import { connectDatabase } from '../database/connect.ts'
import { launchPostgres } from '../database/embedded/launch.ts'
import { migrateToLatest } from '../database/migrate.ts'
import { StartError } from '../errors.ts'
import { runCommand } from './run-command.ts'

const FILE = fileURLToPath(new URL('../database/tables.generated.ts', import.meta.url))

const USAGE = 'npm run db:types [-- --check]'

await runCommand(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
  const fresh = await typesOfMigrations()
  if (values.check !== true) return writeFile(FILE, fresh)
  if (fresh !== (await readFile(FILE, 'utf8'))) {
    throw new StartError(`${FILE} does not fit the migrations. Run npm run db:types.`)
  }
}, USAGE)

/** Read off a database that lives for this call only. */
async function typesOfMigrations(): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'maat-types-'))
  const server = await launchPostgres({ data, settings: ['fsync=off'] })
  const { kysely, close } = connectDatabase({
    url: server.url,
    applicationName: 'maat-background',
  })
  try {
    await migrateToLatest(kysely)
    const dialect = new PostgresDialect()
    return await generate({ db: kysely, dialect, excludePattern: 'kysely_*', outFile: null })
  } finally {
    await close()
    await server.close()
    await rm(data, { recursive: true })
  }
}
