import type { Database } from '../database/connect.ts'
import { runStatement } from '../database/run-statement.ts'

/** Whether the database answers within a second. Whoever asks meanwhile gets the same answer: asking costs no more. */
export function createDatabaseCheck(database: Database): () => Promise<boolean> {
  let running: Promise<boolean> | null = null
  return () => {
    running ??= answers(database).finally(() => {
      running = null
    })
    return running
  }
}

function answers(database: Database): Promise<boolean> {
  const check = { text: 'select 1', values: [] }
  return runStatement(database, check, AbortSignal.timeout(1_000)).then(
    () => true,
    // Why it does not is for the log of whoever needed it, and never for the answer.
    () => false,
  )
}
