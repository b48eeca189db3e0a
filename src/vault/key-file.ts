import { readFileSync, statSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'

import type { Kysely } from 'kysely'

import type { DB } from '../database/tables.generated.ts'
import { StartError } from '../errors.ts'
import { recordRing, recordedFingerprints } from './fingerprints.ts'
import { type KeyRing, createKeyRing, parseKeyRing, printKeyRing } from './key-ring.ts'
import { createPrivateFile, replacePrivateFile } from './private-file.ts'
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
      `The key file ${path} is open to others (mode ${mode.toString(8)}). Run: chmod 600 ${path}`,
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
  await createPrivateFile(path, printKeyRing(ring)).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') refuseWrite(path, error)
    throw new StartError(
      `There is a key file already: ${path}. It is kept, since nothing sealed under it opens without it.`,
    )
  })
  return ring
}

/** Puts these keys in the place of those in the file, at once or not at all; its mode stays. On disk when it returns. */
export async function replaceKeyFile(path: string, ring: KeyRing): Promise<void> {
  await replacePrivateFile(path, printKeyRing(ring)).catch((error: unknown) =>
    refuseWrite(path, error),
  )
}

/**
 * Where there is a key file, it holds keys. Asked before the database is opened: what the file stops has then changed
 * nothing.
 * @throws {StartError} as readKeyFile does, but not for a missing file
 */
export async function checkKeyFile(path: string): Promise<void> {
  if (await exists(path)) await readKeyFile(path)
}

/**
 * A vault over the keys in this file, which are those of this database: it knows their fingerprints from now on. Keys
 * that a rotation adds to the file later are taken up.
 * @throws {StartError} when the file is unusable, or not the one that sealed this database
 */
export async function openVault(database: VaultDatabase, path: string): Promise<Vault> {
  if (!(await exists(path)) && (await knowsKeys(database))) throw new StartError(lostFile(path))
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
      `The key file ${path} ${found} of this database. Set MAAT_KEYS to the file that belongs to it, or restore it from its backup.`,
    )
  }
  return createVault(ring, { refresh })
}

/**
 * As openVault; where there is no key file and the database knows no keys yet, makes the file first. For a database that
 * comes into being together with its keys.
 */
export async function openOrCreateVault(database: VaultDatabase, path: string): Promise<Vault> {
  if (!(await exists(path)) && !(await knowsKeys(database))) await createKeyFile(path)
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
    return readRing(path)
  }
}

async function knowsKeys({ kysely }: VaultDatabase): Promise<boolean> {
  return (await recordedFingerprints(kysely)).length > 0
}

function signatureOf(path: string): string | null {
  try {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true })
    return `${ino}/${size}/${mtimeNs}`
  } catch {
    // Gone, or out of reach.
    return null
  }
}

function readRing(path: string): KeyRing | null {
  try {
    const parsed = parseKeyRing(readFileSync(path, 'utf8'))
    return 'ring' in parsed ? parsed.ring : null
  } catch {
    // Gone since it was looked at; whoever needs a key that it held says so.
    return null
  }
}

function parse(path: string, text: string): KeyRing {
  const parsed = parseKeyRing(text)
  if ('ring' in parsed) return parsed.ring
  throw new StartError(
    {
      'not JSON': `The key file ${path} is truncated or damaged. Restore it from its backup.`,
      foreign: `${path} is not a key file of Maat. Set MAAT_KEYS to the one that is, or restore it from its backup.`,
      newer: `The key file ${path} was written by a newer version of Maat. Start that version.`,
    }[parsed.problem],
  )
}

function refuseFile(path: string, error: unknown): never {
  if (codeOf(error) !== 'ENOENT') {
    throw new StartError(
      `The key file ${path} can not be read (${codeOf(error)}). Check its owner.`,
    )
  }
  throw new StartError(
    `There is no key file at ${path}. For a new database run npm run keys:init; to any other belongs a file: restore it from its backup, or set MAAT_KEYS to it.`,
  )
}

/** Fresh keys would be no cure: the next start would refuse them. */
function lostFile(path: string): string {
  return `There is no key file at ${path}, and the database was sealed under one. Restore it from its backup, or set MAAT_KEYS: what is sealed in the database opens with it alone.`
}

function refuseWrite(path: string, error: unknown): never {
  throw new StartError(
    `The key file ${path} can not be written (${codeOf(error)}). Set MAAT_KEYS to a path that can.`,
  )
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
