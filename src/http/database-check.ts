import type { Database } from '../database/connect.ts'

/** How long the database may take to answer. */
const PATIENCE_MS = 1_000

/** Whether the database answers within a second. Whoever asks meanwhile gets the same answer: asking costs no more. */
export function createDatabaseCheck(database: Pick<Database, 'ping'>): () => Promise<boolean> {
  let running: Promise<boolean> | null = null
  return () => {
    running ??= answers(database).finally(() => {
      running = null
    })
    return running
  }
}

function answers(database: Pick<Database, 'ping'>): Promise<boolean> {
  const inTime = database.ping().then(
    () => true,
    // Why it does not is for the log of whoever needed it, and never for the answer.
    () => false,
  )
  const late = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), PATIENCE_MS).unref()
  })
  return Promise.race([inTime, late])
}
