import { once } from 'node:events'
import { writeSync } from 'node:fs'

import pg from 'pg'

import { launchPostgres } from '../../src/database/embedded/launch.ts'
import { StartError } from '../../src/errors.ts'

// A process that uses the embedded PostgreSQL of a data folder until its standard input ends:
// `postgres-user.ts <data folder> [<binaries>]`. It adds one row, then writes one line: what it finds, as JSON.
try {
  const [, , data = '', binaries] = process.argv
  const server = await launchPostgres({ data, ...(binaries === undefined ? {} : { binaries }) })
  const client = new pg.Client(server.url)
  client.on('error', () => {})
  await client.connect()
  await client
    .query('create table if not exists seen (at timestamptz default now())')
    .catch(ifRaced)
  await client.query('insert into seen default values')
  const { rows } = await client.query('select count(*)::int as rows from seen')
  writeSync(
    1,
    `${JSON.stringify({ url: server.url, notice: server.notice, rows: rows[0].rows })}\n`,
  )
  // The line's other end says when to leave.
  await once(process.stdin.resume(), 'end')
  await client.end()
  await server.close()
} catch (error) {
  if (!(error instanceof StartError)) throw error
  writeSync(2, `maat: ${error.message}\n`)
  process.exitCode = 1
}

/** Two processes may create the table at once: the later one finds its name taken, or its type. */
function ifRaced(error: unknown): void {
  if (error instanceof pg.DatabaseError && ['42P07', '23505'].includes(error.code ?? '')) return
  throw error
}
