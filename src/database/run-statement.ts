import type pg from 'pg'

import { apiError } from '../errors.ts'
import type { Database } from './connect.ts'
import { isConnectionLost, refusalOf } from './outage.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

export interface RunOptions {
  /** Aborted, it rejects with its reason at once and stops the statement on the server. */
  readonly signal?: AbortSignal | undefined
  /** Called right before the statement goes to the server: from here on it may have run, whatever is heard of it. */
  readonly onSent?: (() => void) | undefined
  /** Called once the server has answered, well or not, with the microseconds since the statement was sent. */
  readonly onAnswered?: ((us: number) => void) | undefined
}

/**
 * The one row that the statement answers, column by column.
 *
 * @throws {ApiError} UNAVAILABLE when the database is away or no connection came free, DB_TIME_EXCEEDED after 2 s
 */
export function runStatement(
  database: Database,
  statement: Statement,
  { signal, onSent, onAnswered }: RunOptions = {},
): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    const run = { database, statement, signal, onSent, onAnswered, reject }
    send(run, ([row, ...more]) => {
      if (row !== undefined && more.length === 0) return resolve(row)
      const count = row === undefined ? 0 : more.length + 1
      reject(new Error(`A statement answered ${count} rows, not one.`))
    })
  })
}

/**
 * Every row that the statement answers, column by column.
 * @throws {ApiError} as runStatement does
 */
export function runRows(database: Database, statement: Statement): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    const nobody = { signal: undefined, onSent: undefined, onAnswered: undefined }
    send({ database, statement, ...nobody, reject }, resolve)
  })
}

type Row = readonly unknown[]

interface Run {
  readonly database: Database
  readonly statement: Statement
  readonly signal: AbortSignal | undefined
  readonly onSent: (() => void) | undefined
  readonly onAnswered: ((us: number) => void) | undefined
  readonly reject: (reason: unknown) => void
}

/** Callbacks, not promises: this is the hot path, and each promise of pg's also captures a stack. */
function send(run: Run, resolve: (rows: readonly Row[]) => void): void {
  const { database, statement, signal, onSent, onAnswered, reject } = run
  if (signal?.aborted === true) return reject(signal.reason)
  database.pool.connect((outage, client, release) => {
    if (client === undefined) return reject(apiError('UNAVAILABLE', { cause: outage }))
    if (signal?.aborted === true) {
      release()
      return reject(signal.reason)
    }
    const stop = signal === undefined ? null : stopOnAbort(run, signal, client)
    onSent?.()
    const sentMs = performance.now()
    client.query<unknown[]>(
      // pg copies the values and never writes to them.
      { text: statement.text, values: statement.values as unknown[], rowMode: 'array' },
      (error: Error | null, result) => {
        onAnswered?.((performance.now() - sentMs) * 1000)
        if (stop === null) release(error !== null && isConnectionLost(error))
        else stop.settle(error, release)
        if (error !== null) return reject(refusalOf(error) ?? error)
        resolve(result.rows)
      },
    )
  })
}

/**
 * While the statement runs, an abort cancels it. The connection is kept back until the cancellation has arrived, so that
 * it can never hit the statement of a later caller.
 */
function stopOnAbort(
  { database, reject }: Pick<Run, 'database' | 'reject'>,
  signal: AbortSignal,
  client: pg.PoolClient,
): { settle(error: Error | null, release: (isLost: boolean) => void): void } {
  let cancelled: Promise<void> | null = null
  const abort = (): void => {
    reject(signal.reason)
    // A server that can not be reached has stopped the statement already, or its time limit will.
    cancelled = database.cancel(processId(client)).catch(() => {})
  }
  signal.addEventListener('abort', abort, { once: true })
  return {
    settle(error, release) {
      signal.removeEventListener('abort', abort)
      if (cancelled === null) return release(error !== null && isConnectionLost(error))
      // Where it ended otherwise, the cancellation may still be on its way to this very session.
      const isHit = refusalOf(error)?.code === 'DB_TIME_EXCEEDED'
      void releaseAfter(cancelled, () => release(!isHit))
    },
  }
}

async function releaseAfter(cancelled: Promise<void>, release: () => void): Promise<void> {
  await cancelled
  release()
}

/** pg's types leave this member out. */
function processId(client: pg.PoolClient): number {
  return (client as unknown as { readonly processID: number }).processID
}
