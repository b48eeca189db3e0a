import { chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { findBinaries } from '../../../../src/database/embedded/binaries.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** A folder whose `postgres` is this text. */
async function folderWith(text: string) {
  const folder = await temporaryFolder()
  onTestFinished(() => rm(folder, { recursive: true }))
  const postgres = join(folder, 'postgres')
  await writeFile(postgres, text)
  await chmod(postgres, 0o755)
  const home = { folder, cluster: join(folder, 'cluster'), log: '', owner: undefined, notice: null }
  return { folder, home }
}

test('a program whose loader is not there stops the start: the system lacks glibc', async () => {
  const { folder, home } = await folderWith('#!/lib/ld-of-another-system.so\n')
  await expect(findBinaries(home, folder)).rejects.toThrow(
    'The embedded PostgreSQL can not run here: it needs glibc, and this system (Alpine?) has none. Set DATABASE_URL to a PostgreSQL 15 or later of your own.',
  )
})

test('a program that fails stops the start with what it says', async () => {
  const { folder, home } = await folderWith('#!/bin/sh\necho "no such library" >&2; exit 127\n')
  await expect(findBinaries(home, folder)).rejects.toThrow('can not run here: no such library.')
})

test('the major version is the one that the program tells', async () => {
  const { folder, home } = await folderWith('#!/bin/sh\necho "postgres (PostgreSQL) 18.4"\n')
  expect(await findBinaries(home, folder)).toMatchObject({ major: 18 })
})
