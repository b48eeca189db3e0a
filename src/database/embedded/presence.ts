import pg from 'pg'

import { USER } from './cluster.ts'

/** One number for the lock that every user of a cluster shares. */
const LOCK = 7_226_228

/** A session that keeps the server up: whoever could take the lock alone is its last user. */
export interface Presence {
  readonly client: pg.Client
  /** Gives up this use. True when nobody else is there: new ones wait until the server has stopped. */
  readonly leave: () => Promise<boolean>
}

/**
 * This process is a user of the server. Null while the server is away, starting or stopping. The server itself drops
 * the presence of a killed process.
 */
export async function enter(socket: string): Promise<Presence | null> {
  const client = clientOf(socket)
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select pg_advisory_lock_shared($1)', [LOCK])
  } catch (error) {
    await client.end()
    if (isAway(error)) return null
    throw error
  }
  return { client, leave: () => leave(client) }
}

async function leave(client: pg.Client): Promise<boolean> {
  await client.query('select pg_advisory_unlock_shared($1)', [LOCK])
  const { rows } = await client.query('select pg_try_advisory_lock($1) as alone', [LOCK])
  return rows[0].alone === true
}

/** A client for the server itself, not for what it keeps. */
export function clientOf(socket: string): pg.Client {
  return new pg.Client({
    connectionString: urlOf(socket, 'postgres'),
    application_name: 'maat-background',
  })
}

export function urlOf(socket: string, database: string): string {
  const query = new URLSearchParams({ host: socket, sslmode: 'disable' })
  return `postgres://${USER}@localhost:5432/${database}?${query}`
}

/** No socket, nobody behind it, or a server that starts, stops or has stopped under our hands. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string') return AWAY.has(error.code)
  return error.message.startsWith('Connection terminated')
}

const AWAY = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '53300',
])
