import { connect, createServer, type Socket } from 'node:net'

import { whenDone } from './when-done.ts'

export interface SilencingProxy {
  /** The same database, by way of the proxy. */
  readonly url: string
  /**
   * From now on nothing comes through a connection that listens, or that will: it stays open, and neither end is told. Answers
   * how many there are.
   */
  readonly silence: () => number
}

/** Stands between PostgreSQL and those who reach it by this address, as long as the test. */
export async function proxyTo(url: string): Promise<SilencingProxy> {
  const listening = new Set<Socket>()
  let isSilent = false
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(targetOf(new URL(url)))
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true)
      sockets.add(socket)
      // Either end may go at any time, and takes the other with it.
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        listening.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk: Buffer) => {
      // A simple query is one message, and the first thing that such a connection sends once it stands.
      if (chunk.includes('listen "')) {
        listening.add(client)
        if (isSilent) upstream.pause()
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      if (!(isSilent && listening.has(client))) client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  whenDone(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const proxied = new URL(url)
  // A TCP server's address is never a string.
  const address = server.address() as Exclude<ReturnType<typeof server.address>, string | null>
  proxied.host = `127.0.0.1:${address.port}`
  proxied.searchParams.delete('host')
  return {
    url: proxied.href,
    silence() {
      isSilent = true
      return listening.size
    },
  }
}

/** Where PostgreSQL listens that is reached by this address. */
export function targetOf({ hostname, port, searchParams }: URL) {
  const folder = searchParams.get('host')
  const number = port === '' ? '5432' : port
  if (folder !== null) return { path: `${folder}/.s.PGSQL.${number}` }
  return { host: hostname, port: Number(number) }
}
