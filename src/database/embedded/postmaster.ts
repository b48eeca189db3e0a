import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'

import { StartError } from '../../errors.ts'
import type { Binaries } from './binaries.ts'
import type { Home } from './home.ts'

/** How a server ends that meets another one: running, starting, or with sessions that have not noticed its death yet. */
const OCCUPIED = /lock file .* (already exists|is empty)|shared memory block .* still in use/

/** A log beyond this begins anew at the next start; the one before it is kept. */
const LOG_BYTES = 1_000_000

export interface Postmaster {
  readonly pid: number
  /** The folder of its socket. */
  readonly socket: string
}

/** A server that this process has started and that may not answer yet. */
export interface StartingServer {
  /** Null while it runs; 'occupied' when another server holds the cluster, or what is left of one still does. */
  readonly ended: () => 'occupied' | StartError | null
}

/** The live server of this cluster, or null. What a dead one left behind is no obstacle after the call. */
export function findPostmaster({ cluster }: Home): Postmaster | null {
  const file = join(cluster, 'postmaster.pid')
  const [, , , , socket] = readLines(file)
  const pid = holderOf(file, cluster)
  if (socket === undefined) return null
  if (pid !== null) return { pid, socket }
  holderOf(join(socket, '.s.PGSQL.5432.lock'), cluster)
  return null
}

/**
 * The server of this cluster that holds the lock file. One that nobody holds is removed: PostgreSQL would take any
 * process that has the dead server's number by now for that server.
 */
function holderOf(lock: string, cluster: string): number | null {
  const [line = ''] = readLines(lock)
  // A server that starts just now writes its number a moment later.
  if (line === '' && ageMs(lock) < 10_000) return null
  const pid = Number(line)
  if (pid > 0 && runs(pid, cluster)) return pid
  rmSync(lock, { force: true })
  return null
}

function ageMs(file: string): number {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
}

/** Starts a server that outlives this process, and Ctrl-C: requests are drained before anybody stops it. */
export function startPostmaster(
  home: Home,
  binaries: Binaries,
  options: { readonly socket: string; readonly settings: readonly string[] },
): StartingServer {
  rotate(home.log)
  const log = openSync(home.log, 'a', 0o600)
  const begin = statSync(home.log).size
  const child = spawn(binaries.postgres, ['-D', home.cluster, ...settingsOf(options)], {
    ...home.owner,
    cwd: '/',
    env: { LC_ALL: 'C' },
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  let failure: Error | null = null
  child.once('error', (error) => {
    failure = error
  })
  return {
    ended() {
      if (failure === null && child.exitCode === null && child.signalCode === null) return null
      const written = readFileSync(home.log).subarray(begin).toString()
      if (OCCUPIED.test(written)) return 'occupied'
      const reason = failure?.message ?? /FATAL: +(.*)/.exec(written)?.[1] ?? 'it ended at once'
      return new StartError(`PostgreSQL does not start: ${reason}. Its log is ${home.log}.`)
    },
  }
}

function settingsOf({
  socket,
  settings,
}: {
  socket: string
  settings: readonly string[]
}): string[] {
  const all = [
    'listen_addresses=',
    'port=5432',
    `unix_socket_directories="${socket.replaceAll('"', '""')}"`,
    'unix_socket_permissions=0700',
    // A statement or a row may hold what no log should.
    'log_min_error_statement=panic',
    'log_error_verbosity=terse',
    ...settings,
  ]
  return all.flatMap((setting) => ['-c', setting])
}

/** Whether this number is the cluster's server, and not a stranger that has the number by now. */
function runs(pid: number, cluster: string): boolean {
  try {
    process.kill(pid, 0)
    return commandOf(pid).includes(cluster) || readlinkSync(`/proc/${pid}/cwd`) === cluster
  } catch {
    return false
  }
}

function commandOf(pid: number): string {
  if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

function rotate(log: string): void {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_BYTES) renameSync(log, `${log}.old`)
}
