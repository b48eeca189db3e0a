import { setTimeout as delay } from 'node:timers/promises'

import pg from 'pg'

import { StartError } from '../../errors.ts'
import { findBinaries, platformPackage } from './binaries.ts'
import { ensureCluster } from './cluster.ts'
import { type Home, prepareHome, prepareSocketFolder } from './home.ts'
import { findPostmaster, startPostmaster } from './postmaster.ts'
import { type Presence, clientOf, enter, urlOf } from './presence.ts'

/** How long a server may take: to recover after a crash, or to stop under a launcher that waits to start it again. */
const START_MS = 60_000
const STOP_MS = 10_000
const POLL_MS = 10
const RETRY_MS = 1000

export interface LaunchOptions {
  /** The data folder, absolute; made where it is missing. */
  readonly data: string
  /** Folder of `initdb` and `postgres`; by default the platform's npm package. */
  readonly binaries?: string
  /** More server settings, `name=value`. They hold for a server that this call starts. */
  readonly settings?: readonly string[]
}

export interface EmbeddedPostgres {
  /** The database `maat`, over a Unix socket. */
  readonly url: string
  /** One line for the operator where the server's files are elsewhere; else null. */
  readonly notice: string | null
  /** Ends this use; the last user's call stops the server. Idempotent. */
  readonly close: () => Promise<void>
}

/**
 * The PostgreSQL of this data folder runs and answers: reused when it is there, recovered when it died, made when it is
 * new. All processes on one data folder share it, and it outlives any that is killed. While this use lasts, a server
 * that dies is started again.
 *
 * PostgreSQL itself decides races: its lock file lets one server run, a rename lets one cluster come to be, and an
 * advisory lock, shared by all users, lets only the last one stop the server.
 * @throws {StartError} where it can not run; says what to do
 */
export async function launchPostgres(options: LaunchOptions): Promise<EmbeddedPostgres> {
  if (options.binaries === undefined) platformPackage()
  const home = await inOneLine(() => prepareHome(options.data))
  let use = await inOneLine(() => start(home, options))
  let closing: Promise<void> | undefined
  watch(use)
  await ensureDatabase(use.socket)

  return {
    url: urlOf(use.socket, 'maat'),
    notice: home.notice,
    close: () => (closing ??= stop(home, use.presence)),
  }

  function watch({ presence }: Use): void {
    presence.client.once('end', () => {
      if (closing === undefined) void restore()
    })
  }

  /** Until it succeeds, the server's log says why, and requests meet UNAVAILABLE. */
  async function restore(): Promise<void> {
    try {
      use = await start(home, options)
    } catch {
      setTimeout(() => closing === undefined && void restore(), RETRY_MS).unref()
      return
    }
    if (closing === undefined) watch(use)
    else await stop(home, use.presence)
  }
}

interface Use {
  readonly socket: string
  readonly presence: Presence
}

async function start(home: Home, { binaries, settings = [] }: LaunchOptions): Promise<Use> {
  const running = findPostmaster(home)
  const socket = running?.socket ?? (await prepareSocketFolder(home))
  let server: ReturnType<typeof startPostmaster> | null = null
  for (const end = performance.now() + START_MS; performance.now() < end; await delay(POLL_MS)) {
    const presence = await enter(socket)
    if (presence !== null) return { socket, presence }
    const outcome = server?.ended() ?? null
    if (outcome instanceof StartError) throw outcome
    if (outcome === 'occupied') server = null
    if (server !== null || findPostmaster(home) !== null) continue
    const programs = await findBinaries(home, binaries)
    await ensureCluster(home, programs)
    server = startPostmaster(home, programs, { socket, settings })
  }
  throw new StartError(`PostgreSQL does not answer at ${socket}. Its log is ${home.log}.`)
}

async function stop(home: Home, presence: Presence): Promise<void> {
  try {
    const isLast = await presence.leave()
    const postmaster = findPostmaster(home)
    if (!isLast || postmaster === null) return
    // "Fast": sessions end, what is committed is on disk.
    process.kill(postmaster.pid, 'SIGINT')
    const end = performance.now() + STOP_MS
    while (findPostmaster(home) !== null && performance.now() < end) await delay(POLL_MS)
  } catch {
    // It has stopped already, or was killed: nothing is left to give up.
  } finally {
    await presence.client.end()
  }
}

async function ensureDatabase(socket: string): Promise<void> {
  const client = clientOf(socket)
  await client.connect()
  try {
    const { rows } = await client.query(`select from pg_database where datname = 'maat'`)
    if (rows.length === 0) await client.query('create database maat')
  } catch (error) {
    // Another process was faster, by a hair or by more.
    const isPresent =
      error instanceof pg.DatabaseError && ['42P04', '23505'].includes(error.code ?? '')
    if (!isPresent) throw error
  } finally {
    await client.end()
  }
}

/** What the file system refuses is the operator's to mend. */
async function inOneLine<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new StartError(
      `The data folder can not be used: ${error.message}. Mend it, or set MAAT_DATA to another.`,
      { cause: error },
    )
  }
}
