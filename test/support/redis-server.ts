import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { Redis } from 'ioredis'

import { temporaryFolder } from './temporary-folder.ts'
import { whenDone } from './when-done.ts'

export interface RedisServer {
  /** The path of its Unix socket, or redis://127.0.0.1:port where it was given a port. */
  readonly url: string
  readonly signal: (name: 'SIGSTOP' | 'SIGCONT') => void
  /** Kills it. */
  readonly kill: () => Promise<void>
  /** Starts it again, empty, at the same address. */
  readonly start: () => Promise<void>
  /** Sends a command over a connection of its own. */
  readonly command: (name: string, ...args: readonly string[]) => Promise<unknown>
}

/**
 * A Redis of one's own that keeps nothing, on a Unix socket or this port, ended with the test or file that asked for it, or
 * when that dies.
 */
export async function redisServer(port = 0): Promise<RedisServer> {
  const folder = await temporaryFolder()
  let running: Running | null = null
  const kill = async () => {
    const { guard } = running ?? {}
    running = null
    if (guard?.exitCode !== null) return
    const ended = once(guard, 'exit')
    guard.stdin?.end()
    await ended
  }
  whenDone(kill)
  running = await run(folder, port)
  const url = port === 0 ? join(folder, 'redis.sock') : `redis://127.0.0.1:${port}`
  return {
    url,
    signal(name) {
      if (running !== null) process.kill(running.pid, name)
    },
    kill,
    async start() {
      running = await run(folder, port)
    },
    async command(name, ...args) {
      const redis = new Redis(url)
      try {
        return await redis.call(name, ...args)
      } finally {
        redis.disconnect()
      }
    },
  }
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return address.port
}

interface Running {
  readonly guard: ChildProcess
  readonly pid: number
}

/** Ends the server, and then itself, once our end of its standard input is closed, however that comes about. */
const GUARD = `
  command -v redis-server > /dev/null || exit 127
  rm -f "$0/redis.sock"
  redis-server --port "$1" --bind 127.0.0.1 --unixsocket "$0/redis.sock" --dir "$0" --save '' --appendonly no < /dev/null &
  echo "pid $!"
  cat > /dev/null
  kill -KILL $! && wait`

async function run(folder: string, port: number): Promise<Running> {
  const stdio = ['pipe', 'pipe', 'ignore'] as const
  const guard = spawn('/bin/sh', ['-c', GUARD, folder, String(port)], {
    stdio: [...stdio],
    detached: true,
  })
  let pid: number | null = null
  const log: string[] = []
  for await (const line of createInterface({ input: guard.stdout })) {
    if (line.startsWith('pid ')) pid = Number(line.slice(4))
    else log.push(line)
    if (pid === null || !line.includes('eady to accept connections')) continue
    guard.stdout.resume()
    return { guard, pid }
  }
  guard.stdin.end()
  if (pid === null)
    throw new Error("redis-server is missing: install Debian's package of that name.")
  throw new Error(`Redis did not start: ${log.join('\n')}`)
}
