import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { chown, link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Kysely } from 'kysely'
import type { DB } from '../database/tables.generated.ts'
import { StartError } from '../errors.ts'
import { recordRing, recordedFingerprints } from './fingerprints.ts'
import { type KeyRing, createKeyRing, parseKeyRing, printKeyRing } from './key-ring.ts'
import { type Vault, createVault } from './vault.ts'

/** What of a connected database the vault needs. */
export interface VaultDatabase {
  readonly kysely: Kysely<DB>
}

/**
 * The keys in this file.
 * @throws {StartError} when it is missing, open to others, truncated or foreign; names path and cure, never content
 */
export async function readKeyFile(path: string): Promise<KeyRing> {
  const mode = (await stat(path).catch((error: unknown) => refuseFile(path, error))).mode & 0o777
  if ((mode & 0o077) !== 0) {
    throw new StartError(
      `the key file ${path} is open to others (mode ${mode.toString(8)}); run: chmod 600 ${path}`,
    )
  }
  return parse(
    path,
    await readFile(path, 'utf8').catch((error: unknown) => refuseFile(path, error)),
  )
}

/**
 * Writes a file of fresh keys, readable by its owner alone (mode 0600), and returns them. On disk when it returns.
 * @throws {StartError} when there is a file already: it is left as it is
 */
export async function createKeyFile(path: string): Promise<KeyRing> {
  const ring = createKeyRing()
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) =>
    refuseWrite(path, error),
  )
  const temporary = await writeBeside(path, printKeyRing(ring), 0o600)
  try {
    // A link, unlike a rename, fails where the name is taken; and the file is never seen half-written.
    await link(temporary, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') refuseWrite(path, error)
    throw new StartError(
      `there is a key file already: ${path}; it is kept, since nothing sealed under it opens without it`,
    )
  } finally {
    await unlink(temporary)
  }
  await syncFolder(path)
  return ring
}

/** Puts these keys in the place of those in the file, at once or not at all; its mode stays. On disk when it returns. */
export async function replaceKeyFile(path: string, ring: KeyRing): Promise<void> {
  const { mode, uid, gid } = await stat(path)
  const temporary = await writeBeside(path, printKeyRing(ring), mode & 0o777)
  await chown(temporary, uid, gid)
  await rename(temporary, path)
  await syncFolder(path)
}

/**
 * A vault over the keys in this file, which are those of this database: it knows their fingerprints from now on. Keys
 * that a rotation adds to the file later are taken up.
 * @throws {StartError} when the file is unusable, or not the one that sealed this database
 */
export async function openVault(database: VaultDatabase, path: string): Promise<Vault> {
  // Before the file is read, so that no change after it is missed.
  const refresh = watchKeyFile(path)
  const ring = await readKeyFile(path)
  const verdict = await recordRing(database.kysely, ring)
  if (verdict.kind === 'lacks' || verdict.kind === 'differs') {
    const { kind, purpose, keyId } = verdict
    const found =
      kind === 'lacks'
        ? `lacks the ${purpose} key ${keyId}`
        : `holds another ${purpose} key ${keyId}`
    throw new StartError(
      `the key file ${path} ${found} of this database; set MAAT_KEYS to the file that belongs to it, or restore it from its backup`,
    )
  }
  return createVault(ring, { refresh })
}

/**
 * As openVault; where there is no key file and the database knows no keys yet, makes the file first. For a database that
 * comes into being together with its keys.
 */
export async function openOrCreateVault(database: VaultDatabase, path: string): Promise<Vault> {
  if (!(await exists(path)) && (await recordedFingerprints(database.kysely)).length === 0) {
    await createKeyFile(path)
  }
  return openVault(database, path)
}

/**
 * Gives the file's ring each time the file was replaced, else null. A file that can not be used at the moment counts as
 * unchanged: the keys at hand go on serving.
 */
export function watchKeyFile(path: string): () => KeyRing | null {
  let seen = signatureOf(path)
  return () => {
    const signature = signatureOf(path)
    if (signature === seen || signature === null) return null
    seen = signature
    const parsed = parseKeyRing(readFileSync(path, 'utf8'))
    return 'ring' in parsed ? parsed.ring : null
  }
}

function signatureOf(path: string): string | null {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? null : `${stats.ino}/${stats.size}/${stats.mtimeNs}`
}

function parse(path: string, text: string): KeyRing {
  const parsed = parseKeyRing(text)
  if ('ring' in parsed) return parsed.ring
  throw new StartError(
    {
      'not JSON': `the key file ${path} is truncated or damaged; restore it from its backup`,
      foreign: `${path} is not a key file of Maat; set MAAT_KEYS to the one that is, or restore it from its backup`,
      newer: `the key file ${path} was written by a newer version of Maat; start that version`,
    }[parsed.problem],
  )
}

function refuseFile(path: string, error: unknown): never {
  if (codeOf(error) !== 'ENOENT') {
    throw new StartError(`the key file ${path} can not be read (${codeOf(error)}); check its owner`)
  }
  throw new StartError(
    `there is no key file at ${path}; run: npm run keys:init, or set MAAT_KEYS to the file that belongs to the database`,
  )
}

function refuseWrite(path: string, error: unknown): never {
  throw new StartError(
    `the key file ${path} can not be written (${codeOf(error)}); set MAAT_KEYS to a path that can`,
  )
}

async function writeBeside(path: string, text: string, mode: number): Promise<string> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  const file = await open(temporary, 'wx', mode).catch((error: unknown) => refuseWrite(path, error))
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  return temporary
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => (codeOf(error) === 'ENOENT' ? false : refuseFile(path, error)),
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
