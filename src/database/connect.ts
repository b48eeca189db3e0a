import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'

import { Listener, type Subscription, type Unsubscribe } from './listen.ts'
import { NamedStatementsClient } from './named-statements.ts'
import { noteStatement } from './statement-times.ts'
import type { DB } from './tables.generated.ts'

/**
 * How long a statement may run, wait for a lock, or leave its transaction idle, and how long a caller waits for a
 * connection; in ms. A request gives up before its client does, background work takes its time.
 */
const LIMITS = {
  maat: { statement: 2000, lock: 500, idleInTransaction: 5000, connection: 500 },
  'maat-background': { statement: 60_000, lock: 5000, idleInTransaction: 60_000, connection: 5000 },
} as const

export interface Database {
  /** For everything but the hot path: transactions, background work, commands. */
  readonly kysely: Kysely<DB>
  readonly pool: pg.Pool
  /** Stops the statement that this backend runs, if it runs one; see runStatement. Rejects only on outage. */
  readonly cancel: (processId: number) => Promise<void>
  /** Resolves once the database has answered, however busy the pool is. */
  readonly ping: () => Promise<void>
  /** Hears what is told to a channel; see listen. Nothing where prepared statements are off. */
  readonly listen: (subscription: Subscription) => Unsubscribe
  /** Ends every connection of the pool, once those in use are given back. Idempotent. */
  readonly close: () => Promise<void>
}

export interface ConnectOptions {
  /** postgres://…; a Unix socket as postgres://user@localhost/name?host=/folder. */
  readonly url: string
  readonly applicationName: keyof typeof LIMITS
  /** Connections at most; 10 by default. */
  readonly max?: number
  /**
   * Off behind PgBouncer in transaction mode. It also refuses the limits as start-up parameters: give them to the role
   * (`alter role … set statement_timeout = '2s'`), and an aborted statement then runs until that limit.
   */
  readonly preparedStatements?: boolean
}

/** A pool of connections, none of them open yet. Whoever waits too long for one is refused. */
export function connectDatabase(options: ConnectOptions): Database {
  const { url, applicationName, max = 10, preparedStatements = true } = options
  const limits = LIMITS[applicationName]
  const session: pg.ClientConfig = {
    statement_timeout: limits.statement,
    lock_timeout: limits.lock,
    idle_in_transaction_session_timeout: limits.idleInTransaction,
    // Statements are made for their shape, and their values do not change what the best plan is: planning them again for
    // each request took half of PostgreSQL's time. Compiling a plan costs more than any statement of ours takes.
    options: '-c TimeZone=UTC -c jit=off -c plan_cache_mode=force_generic_plan',
  }
  const client: pg.ClientConfig = {
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: limits.connection,
    keepAlive: true,
    options: '-c TimeZone=UTC',
    ...(preparedStatements ? session : {}),
  }
  const pool = new pg.Pool({
    ...client,
    max,
    idleTimeoutMillis: 60_000,
    ...(preparedStatements ? { Client: NamedStatementsClient } : {}),
  })
  // Without a listener an idle connection that drops ends the process; the pool has removed it already.
  pool.on('error', () => {})
  // The same for one that is in use, between two statements: its next one fails.
  pool.on('connect', (connected) => connected.on('error', () => {}))
  const listener = new Listener(client)
  let closing: Promise<void> | undefined

  return {
    kysely: new Kysely<DB>({ dialect: new PostgresDialect({ pool }), log: noteStatement }),
    pool,
    // PgBouncer hands out process ids of its own: there, the number could be anybody's.
    cancel: preparedStatements
      ? (processId) => askApart(client, 'select pg_cancel_backend($1)', [processId])
      : async () => {},
    ping: () => askApart(client, 'select 1', []),
    // And it takes the session away with which one listens.
    listen: preparedStatements
      ? (subscription) => listener.subscribe(subscription)
      : () => async () => {},
    close: () => (closing ??= pool.end()),
  }
}

/** Over a connection of its own: when it matters most, the pool has none left. */
async function askApart(
  options: pg.ClientConfig,
  text: string,
  values: readonly unknown[],
): Promise<void> {
  const client = new pg.Client(options)
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(text, [...values])
  } finally {
    await client.end()
  }
}
