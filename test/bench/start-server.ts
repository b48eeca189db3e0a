import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { BenchDatabase } from './bench-database.ts'
import { pinned } from './processes.ts'
import { SERVERS, type ServerName } from './servers.ts'

export interface RunningServer {
  readonly name: ServerName
  readonly port: number
  readonly pid: number
  /** From the start of the process to its first answer from the database. */
  readonly startMs: number
  /** `data` of the answer to one request. */
  readonly ask: (request: AskedRequest) => Promise<unknown>
  readonly stop: () => Promise<void>
}

export interface AskedRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const START_MS = 20_000

/** Starts a server on its core and answers once it has served the first request. */
export async function startServer(
  name: ServerName,
  { url, keyFile, folder }: Pick<BenchDatabase, 'url' | 'keyFile' | 'folder'>,
  first: AskedRequest,
): Promise<RunningServer> {
  const script = new URL(SERVERS[name].script, import.meta.url).pathname
  const [command = '', ...args] = pinned('server', [process.execPath, script])
  const port = await freePort()
  const logPath = join(folder, `${name}.log`)
  const log = openSync(logPath, 'w')
  const startedAt = performance.now()
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      GRAPHILE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: url,
      ...(name === 'maat' ? await maatEnvironment(folder, keyFile) : {}),
    },
  })
  closeSync(log)
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} can not be started`)
  const ended = once(child, 'exit')
  const ask = (request: AskedRequest) => post(port, request)

  const stop = async () => {
    child.kill('SIGTERM')
    const kill = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await ended
    clearTimeout(kill)
  }
  for (;;) {
    try {
      await ask(first)
      return { name, port, pid, startMs: performance.now() - startedAt, ask, stop }
    } catch (error) {
      if (child.exitCode === null && isStarting(error, performance.now() - startedAt)) {
        await pause(5)
        continue
      }
      await stop()
      throw new Error(`${name} does not serve (see ${logPath}): ${String(error)}`, { cause: error })
    }
  }
}

/** Budgets so large that every check runs and none refuses. */
async function maatEnvironment(folder: string, keyFile: string): Promise<Record<string, string>> {
  const policies = join(folder, 'policies.json')
  const bucket = { capacity: 1_000_000_000, restorePerSecond: 1_000_000 }
  const window = { capacity: 1_000_000_000 }
  const rows = {
    burst: bucket,
    day: window,
    'young-day': window,
    'in-flight': 1_000,
    attempts: bucket,
    'service-burst': bucket,
  }
  await writeFile(policies, JSON.stringify(rows))
  return { MAAT_DATA: folder, MAAT_KEYS: keyFile, MAAT_POLICIES: policies }
}

/** Nothing listens yet (fetch throws a TypeError then), or it says that it is not ready. */
function isStarting(error: unknown, sinceMs: number): boolean {
  const isEarly = error instanceof TypeError || String(error).startsWith('Error: 503')
  return isEarly && sinceMs < START_MS
}

async function post(port: number, { headers, body }: AskedRequest): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers,
    body,
  })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${response.status} ${text.slice(0, 500)}`)
  const result: unknown = JSON.parse(text)
  if (typeof result !== 'object' || result === null || !('data' in result) || 'errors' in result) {
    throw new Error(text.slice(0, 500))
  }
  return result.data
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port is free')
  return address.port
}
