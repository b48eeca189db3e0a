import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { whenDone } from './when-done.ts'

export interface ArrivedMail {
  readonly to: readonly string[]
  /** Headers and text, as they came. */
  readonly source: string
}

export interface MailServer {
  readonly port: number
  readonly arrived: readonly ArrivedMail[]
  /** Of the connections that were made, however they ended. */
  readonly connections: () => number
  readonly close: () => Promise<void>
}

/** A mail server of this machine that takes every mail, unless its options say otherwise. */
export async function startMailServer(
  options: SMTPServerOptions & { readonly port?: number } = {},
): Promise<MailServer> {
  const arrived: ArrivedMail[] = []
  let connections = 0
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    // With TLS it would warn of the certificate that it brings along.
    hideSTARTTLS: true,
    onConnect(_session, done) {
      connections += 1
      done()
    },
    onData(stream, { envelope }, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.once('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address)
        arrived.push({ to, source: Buffer.concat(parts).toString() })
        done()
      })
    },
    ...options,
  })
  // A client that goes away in the middle is nobody's failure here.
  server.on('error', () => {})
  const listening = server.listen(options.port ?? 0, '127.0.0.1')
  await once(listening, 'listening')
  // A server that listens on TCP has an address of that kind.
  const { port } = listening.address() as AddressInfo
  let closing: Promise<void> | undefined
  const close = (): Promise<void> =>
    (closing ??= new Promise((resolve) => {
      server.close(resolve)
    }))
  whenDone(close)
  return { port, arrived, connections: () => connections, close }
}

/** The refusal of a recipient, as a server words it: with the address. */
export function refusal(code: number, said: string): Error {
  return Object.assign(new Error(said), { responseCode: code })
}
