import pg from 'pg'

import { type TestDatabase } from './test-database.ts'
import { whenDone } from './when-done.ts'

/** Keeps everybody else from these tables until the returned function is called, or the test is over. */
export async function holdTables(
  { url }: Pick<TestDatabase, 'url'>,
  ...tables: readonly string[]
): Promise<() => Promise<void>> {
  const client = new pg.Client(url)
  await client.connect()
  let isOver = false
  const release = async (): Promise<void> => {
    if (isOver) return
    isOver = true
    await client.end()
  }
  whenDone(release)
  await client.query(`begin; lock table ${tables.join(', ')} in access exclusive mode`)
  return release
}
