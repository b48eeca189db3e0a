import { access, chmod, constants, mkdtemp, realpath, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whenDone } from './when-done.ts'

/** An empty folder as makeFolder makes it, gone with the test or the file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await makeFolder()
  whenDone(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/**
 * An empty folder that every user may enter: started as root, PostgreSQL runs as another one. It is in memory where the system
 * has enough of it, and a database is made from its template in a tenth of the time then.
 */
export async function makeFolder(): Promise<string> {
  const parent = (await hasRoom(MEMORY)) ? MEMORY : tmpdir()
  const folder = await mkdtemp(join(await realpath(parent), 'maat-test-'))
  await chmod(folder, 0o711)
  return folder
}

const MEMORY = '/dev/shm'
/** Of hundreds of small databases. */
const ROOM_BYTES = 4e9

async function hasRoom(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK)
    const { bsize, bavail } = await statfs(folder)
    return bsize * bavail >= ROOM_BYTES
  } catch {
    return false
  }
}
