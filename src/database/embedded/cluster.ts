import { spawn } from 'node:child_process'
import { chown, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { StartError } from '../../errors.ts'
import type { Binaries } from './binaries.ts'
import { type Home, codeOf } from './home.ts'

/** The superuser of every embedded cluster. */
export const USER = 'app'

/**
 * The cluster exists and these binaries read it. Of several processes at once one makes it; a process that dies on the
 * way leaves no half cluster.
 * @throws {StartError} when it was made by another major version; nothing is changed then
 */
export async function ensureCluster(home: Home, binaries: Binaries): Promise<void> {
  const made = await majorOf(home.cluster)
  if (made === null) await createCluster(home, binaries)
  else if (made !== binaries.major) throw new StartError(otherVersion(home, made, binaries.major))
}

async function majorOf(cluster: string): Promise<number | null> {
  try {
    return Number(await readFile(join(cluster, 'PG_VERSION'), 'utf8'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

async function createCluster(home: Home, binaries: Binaries): Promise<void> {
  const unfinished = await mkdtemp(join(home.folder, `${UNFINISHED}${process.pid}-`))
  try {
    if (home.owner !== undefined) await chown(unfinished, home.owner.uid, home.owner.gid)
    await initdb(home, binaries, unfinished)
    // Fails where another process was faster; its cluster is as good.
    await rename(unfinished, home.cluster)
  } catch (error) {
    if ((await majorOf(home.cluster)) === null) throw error
  } finally {
    await removeUnfinished(home, unfinished)
  }
}

const UNFINISHED = 'unfinished-'

/** Removes one's own, and what processes that died left; leaves alone what another still works on. */
async function removeUnfinished(home: Home, own: string): Promise<void> {
  for (const name of await readdir(home.folder)) {
    const path = join(home.folder, name)
    const [, pid] = new RegExp(`^${UNFINISHED}(\\d+)-`).exec(name) ?? []
    if (pid === undefined || (path !== own && isAlive(Number(pid)))) continue
    // The initdb of a process that was killed may go on writing for half a second; a later first start removes that.
    await rm(path, { recursive: true, force: true }).catch(() => {})
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return codeOf(error) === 'EPERM'
  }
}

async function initdb(home: Home, binaries: Binaries, folder: string): Promise<void> {
  // The same order and case rules on every machine; PostgreSQL brings them itself from version 17 on.
  const builtin = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const locale = ['--locale=C', ...(binaries.major >= 17 ? builtin : [])]
  const args = ['-D', folder, '-U', USER, '-A', 'trust', '-E', 'UTF8', ...locale]
  const child = spawn(binaries.initdb, args, {
    ...home.owner,
    cwd: '/',
    env: { LC_ALL: 'C' },
    // In a group of its own: Ctrl-C during the first start would tear it, and it takes half a second.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [code, complaint] = await Promise.all([exited, text(child.stderr)])
  if (code !== 0) {
    const line = /(?:FATAL|error): +(.*)/.exec(complaint)?.[1] ?? complaint.trim()
    throw new StartError(`PostgreSQL can not create its cluster in ${home.folder}: ${line}.`)
  }
}

function otherVersion({ cluster }: Home, made: number, major: number): string {
  const cure =
    made > major
      ? 'Start the newer release of Maat that made it'
      : `Move its content with pg_dump of PostgreSQL ${made}`
  return `${cluster} was made by PostgreSQL ${made}, this release holds PostgreSQL ${major}. ${cure}, or set MAAT_DATA to another folder.`
}
