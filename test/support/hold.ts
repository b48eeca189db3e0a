import pg from 'pg'

import type { TestDatabase } from './test-database.ts'

/** Keeps everybody else from what the statement locks, until the returned function is called. */
export async function hold(
  { database }: { readonly database: Pick<TestDatabase, 'url'> },
  statement: string,
): Promise<() => Promise<void>> {
  const client = new pg.Client(database.url)
  await client.connect()
  await client.query(`begin; ${statement}`)
  return () => client.end()
}
