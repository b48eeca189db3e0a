import pg from 'pg'

import { type ApiError, apiError } from '../errors.ts'

/**
 * The refusal that a client meets for a failure of the database: DB_TIME_EXCEEDED for a statement that ran out of time,
 * UNAVAILABLE for a lost, refused or exhausted connection, a lock not had in time, and a read-only or full server.
 * Null for everything else: a defect of ours, masked further up.
 */
export function refusalOf(error: unknown): ApiError | null {
  if (!(error instanceof Error)) return null
  const code = sqlState(error)
  if (code === QUERY_CANCELED) return apiError('DB_TIME_EXCEEDED', { cause: error })
  if (isConnectionLost(error) || isOutage(code)) return apiError('UNAVAILABLE', { cause: error })
  return null
}

/** True when the connection that met this error serves nobody any more. */
export function isConnectionLost(error: Error): boolean {
  const code = sqlState(error)
  // What the server says carries a state; what the socket or pg itself says does not.
  if (code === null) return 'code' in error ? isSystemCode(error.code) : LOST.test(error.message)
  return code.startsWith('08') || CONNECTION_LOST.has(code) || isStalePlan(error)
}

const QUERY_CANCELED = '57014'

/** Shutdown, crash, start-up, a session ended for idling, a prepared statement that the server forgot. */
const CONNECTION_LOST = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '26000'])

/** Wrong credentials, no such database; out of connections, disk or memory; I/O error. */
const OUTAGE_CLASSES = new Set(['28', '3D', '53', '58'])

/** Read-only; no lock in time. */
const OUTAGES = new Set(['25006', '55P03'])

const LOST =
  /^(Connection terminated|timeout e|Client (was closed|has encountered a connection error)|Cannot use a pool)/

function isOutage(code: string | null): boolean {
  return code !== null && (OUTAGES.has(code) || OUTAGE_CLASSES.has(code.slice(0, 2)))
}

/** A migration changed the columns below a prepared statement; a new connection prepares it anew. */
function isStalePlan(error: Error): boolean {
  return error instanceof pg.DatabaseError && error.routine === 'RevalidateCachedQuery'
}

function sqlState(error: Error): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null
}

function isSystemCode(code: unknown): boolean {
  return typeof code === 'string' && /^E[A-Z]+$/.test(code)
}
