import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { createPrivateFile } from '../vault/private-file.ts'
import type { AddressedMessage } from './outbox.ts'

/** A way out for mails. */
export interface MailTransport {
  /** The mail is on its way; answers a note for the operator, without address or text, or null. Rejects where it is not. */
  readonly send: (mail: OutgoingMail) => Promise<string | null>
  readonly close: () => void
}

export interface OutgoingMail {
  /** UUID: the same for each attempt. */
  readonly id: string
  readonly message: AddressedMessage
}

const WAIT_MS = 10_000

/** Sends over SMTP, one connection at a time. Unless the server is this machine, it has to speak TLS. */
export function createSmtpTransport(url: string, from: string): MailTransport {
  const { hostname, protocol } = new URL(url)
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
  const transport = createTransport(
    {
      url,
      requireTLS: !isLocal && protocol === 'smtp:',
      pool: true,
      maxConnections: 1,
      connectionTimeout: WAIT_MS,
      greetingTimeout: WAIT_MS,
      socketTimeout: WAIT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  )
  return {
    async send({ id, message: { to, subject, text } }) {
      // An address as an object is one address, whatever stands in it.
      const recipient = { name: '', address: to }
      await transport.sendMail({ to: recipient, subject, text, messageId: `<${id}@maat>` })
      return null
    },
    close: () => transport.close(),
  }
}

/** Writes each mail into a file of this folder that its owner alone may read: for a machine without a mail server. */
export function createFileTransport(folder: string): MailTransport {
  return {
    async send({ id, message: { to, subject, text } }) {
      const path = join(folder, `${id}.txt`)
      await createPrivateFile(path, `To: ${to}\nSubject: ${subject}\n\n${text}`).catch(
        (error: NodeJS.ErrnoException) => {
          // Written by an attempt that did not hear of it.
          if (error.code !== 'EEXIST') throw error
        },
      )
      return `A mail lies in ${path}`
    },
    close: () => {},
  }
}
