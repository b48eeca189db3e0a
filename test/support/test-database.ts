import { randomBytes } from 'node:crypto'

import { inject } from 'vitest'

import { type ConnectOptions, type Database, connectDatabase } from '../../src/database/connect.ts'
import { query, urlOf } from './postgres.ts'
import { whenDone } from './when-done.ts'

export interface TestDatabase extends Database {
  readonly url: string
}

/**
 * A migrated, empty database of one's own. Called at the top of a file it lives as long as the file, called in a test as
 * long as the test.
 */
export async function testDatabase(options: Partial<ConnectOptions> = {}): Promise<TestDatabase> {
  const { template } = inject('server')
  const url = await emptyDatabase(`template ${template} strategy file_copy`)
  const database = connectDatabase({ url, applicationName: 'maat', ...options })
  whenDone(database.close)
  return { ...database, url }
}

/** The address of a database without any table, dropped like a testDatabase. */
export async function emptyDatabase(source = 'template template0'): Promise<string> {
  const server = inject('server')
  const name = `${server.template}_${randomBytes(6).toString('hex')}`
  await query(server.url, `create database ${name} ${source}`)
  // The first session of a database builds its catalogue caches; the limits of a request are not made for that.
  await query(urlOf(server.url, name), 'select')
  whenDone(async () => {
    await query(server.url, `drop database ${name} with (force)`)
  })
  return urlOf(server.url, name)
}
