import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir, realpath, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { StartError } from '../../errors.ts'

/** PostgreSQL refuses to run as root; this is `nobody` wherever it exists. */
const NOBODY = { uid: 65534, gid: 65534 }

/** A Unix socket's path is cut off at 104 (macOS) or 108 bytes. */
const SOCKET_PATH_BYTES = 100

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Where one embedded PostgreSQL lives: `postgres` in the data folder, or what that links to. */
export interface Home {
  readonly folder: string
  readonly cluster: string
  readonly log: string
  /** Who runs the server; undefined is whoever runs this process. */
  readonly owner: Owner | undefined
  /** One line for the operator; null where everything is in the data folder. */
  readonly notice: string | null
}

/**
 * The folder exists, and who will run the server can enter it. Started as root, that is nobody: where it may not enter
 * the data folder, the server lives in /var/lib/maat and the data folder links there.
 */
export async function prepareHome(data: string): Promise<Home> {
  const isRoot = process.getuid?.() === 0
  const link = join(data, 'postgres')
  await mkdir(data, { recursive: true, mode: isRoot ? 0o711 : 0o700 })
  if (isRoot && (await lstat(link).catch(() => null)) === null) await placeHome(data, link)
  else await mkdir(link, { mode: isRoot ? 0o711 : 0o700 }).catch(unlessPresent)

  const folder = await realpath(link).catch(() => {
    throw new StartError(
      `${link} links to a folder that is gone. Bring it back, or remove the link to begin anew.`,
    )
  })
  const cluster = join(folder, 'cluster')
  const owner = await ownerOf(cluster, isRoot)
  if (owner !== undefined && !can('enter', folder, owner)) {
    throw new StartError(
      `uid ${owner.uid}, who runs PostgreSQL, can not enter ${folder}. Open the folders above it, or set MAAT_DATA.`,
    )
  }
  const away = folder !== join(await realpath(data), 'postgres')
  return {
    folder,
    cluster,
    log: join(folder, 'postgres.log'),
    owner,
    notice: away
      ? `PostgreSQL's files are in ${folder}: ${data} is closed to the user who runs it.`
      : null,
  }
}

/** The folder of the server's socket: mode 0700, the owner's, with a path short enough. */
export async function prepareSocketFolder({ folder, owner }: Home): Promise<string> {
  const inside = join(folder, 'socket')
  const isShort = Buffer.byteLength(`${inside}/.s.PGSQL.5432`) <= SOCKET_PATH_BYTES
  const socket = isShort ? inside : join(await realpath(tmpdir()), `maat-${hash(folder)}`)
  await mkdir(socket, { mode: 0o700 }).catch(unlessPresent)
  if (owner !== undefined) await chown(socket, owner.uid, owner.gid)
  // The temporary folder is everybody's: somebody else may have been there first, to read along.
  const found = await lstat(socket)
  const isOurs = found.uid === (owner?.uid ?? process.getuid?.()) && (found.mode & 0o077) === 0
  if (!found.isDirectory() || !isOurs) {
    throw new StartError(
      `${socket} is not a private folder of the user who runs PostgreSQL. Remove it.`,
    )
  }
  return socket
}

/** Whether this user may, asked of the system itself: modes, groups and access lists included. */
export function can(verb: 'enter' | 'execute', path: string, owner: Owner | undefined): boolean {
  const test = verb === 'enter' ? 'cd "$0"' : 'test -x "$0"'
  const { status } = spawnSync('/bin/sh', ['-c', test, path], {
    ...owner,
    cwd: '/',
    env: {},
    stdio: 'ignore',
  })
  return status === 0
}

/** The code of an error of the system, such as ENOENT; null for any other. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}

async function placeHome(data: string, link: string): Promise<void> {
  if (!can('enter', data, NOBODY) && can('enter', dirname(await realpath(data)), NOBODY)) {
    // Only the data folder itself is closed: others may then pass through it, and still not list it.
    await chmod(data, (await stat(data)).mode | 0o011)
  }
  if (can('enter', data, NOBODY)) {
    await mkdir(link, { mode: 0o711 }).catch(unlessPresent)
    return
  }
  const away = join('/var/lib/maat', hash(await realpath(data)))
  await mkdir(away, { recursive: true, mode: 0o711 })
  await symlink(away, link).catch(unlessPresent)
}

/** A cluster keeps its owner, also when root starts it later. */
async function ownerOf(cluster: string, isRoot: boolean): Promise<Owner | undefined> {
  const found = await stat(cluster).catch(() => null)
  if (isRoot) return found === null ? NOBODY : { uid: found.uid, gid: found.gid }
  if (found !== null && found.uid !== process.getuid?.()) {
    throw new StartError(
      `${cluster} belongs to uid ${found.uid}. Start as that user or as root, or set MAAT_DATA.`,
    )
  }
  return undefined
}

function hash(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16)
}

function unlessPresent(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error
}
