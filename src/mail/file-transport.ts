import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createPrivateFile } from '../vault/private-file.ts'
import { assertSendable, type MailTransport } from './transport.ts'

/**
 * Writes each mail into a file `<time>-<id>.eml` of this folder, for a machine without a mail server. Its owner alone may
 * read the file (mode 0600) and look into the folder (0700, where it was not there before).
 */
export function createFileTransport(folder: string): MailTransport {
  return {
    async send({ id, message, createdAt }) {
      assertSendable(message)
      const { to, subject, text } = message
      const time = createdAt.toISOString().replaceAll(/[-:]|\.\d+/g, '')
      const path = join(folder, `${time}-${id}.eml`)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const head = `Date: ${createdAt.toUTCString()}\nTo: ${to}\nSubject: ${subject}\n`
      await createPrivateFile(path, `${head}\n${text}`).catch((error: unknown) => {
        // Written by an attempt that did not get as far as noting it.
        if (!isTaken(error)) throw error
      })
      return `A mail lies in ${path}`
    },
    close: () => {},
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
