import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net'

import { targetOf } from './silencing-proxy.ts'
import { whenDone } from './when-done.ts'

export interface CuttingProxy {
  /** The same database, by way of the proxy. */
  readonly to: (url: string) => string
  /** Ends every connection, and refuses new ones, until it is mended. */
  readonly cut: () => void
  readonly mend: () => void
}

/** Stands between PostgreSQL and those who reach it by its address, as long as the test. */
export async function cuttingProxy(): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  let isCut = false
  let target: NetConnectOpts = { port: 5432 }
  const server = createServer((client) => {
    if (isCut) return client.destroy()
    const upstream = connect(target)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream).pipe(client)
    return undefined
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  whenDone(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    to(text) {
      const url = new URL(text)
      target = targetOf(url)
      // A TCP server's address is never a string.
      url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
      url.searchParams.delete('host')
      return url.href
    },
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isCut = false
    },
  }
}
