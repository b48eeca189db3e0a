import { randomBytes } from 'node:crypto'
import { chmod, chown, link, mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a new file that its owner alone may read (mode 0600), whole or not at all; makes its folder where there is none.
 * On disk when it returns. Rejects with the code EEXIST where there is a file already, which stays as it is.
 */
export async function createPrivateFile(path: string, text: string): Promise<void> {
  const temporary = await writeBeside(path, text)
  try {
    // A link, unlike a rename, fails where the name is taken.
    await link(temporary, path)
  } finally {
    await unlink(temporary)
  }
  await syncFolder(path)
}

/**
 * Puts a text in the place of a file's, whole or not at all; mode and owner stay, or are those of a new private file. Makes
 * the folder where there is none.
 */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  const before = await stat(path).catch(() => null)
  const temporary = await writeBeside(path, text)
  if (before !== null) {
    await chown(temporary, before.uid, before.gid)
    await chmod(temporary, before.mode & 0o777)
  }
  await rename(temporary, path)
  await syncFolder(path)
}

async function writeBeside(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  return temporary
}

/** A new name is on disk once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
