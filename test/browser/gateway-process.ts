import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder } from '../support/temporary-folder.ts'

export interface GatewayProcess {
  /** Where GraphiQL is. */
  readonly url: string
  readonly demoKey: string
  readonly stop: () => Promise<void>
}

/** A gateway on an embedded database of its own, ready to serve. */
export async function startGateway(): Promise<GatewayProcess> {
  const data = await temporaryFolder()
  const port = await freePort()
  const child = spawn(process.execPath, ['src/bin/serve.ts'], {
    env: { ...process.env, DATABASE_URL: undefined, MAAT_DATA: data, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const stderr = collect(child)
  async function stop(): Promise<void> {
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(data, { recursive: true, force: true })
  }
  try {
    await ready(`http://127.0.0.1:${port}/readyz`, child)
    const demoKey = (await readFile(join(data, 'demo-key'), 'utf8')).trim()
    return { url: `http://127.0.0.1:${port}/graphql`, demoKey, stop }
  } catch (cause) {
    await stop()
    throw new Error(`The gateway did not start: ${stderr()}`, { cause })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const deadline = AbortSignal.timeout(30_000)
  while (child.exitCode === null) {
    const answer = await fetch(url, { signal: deadline }).catch(() => null)
    if (answer?.ok === true) return
    await delay(50, undefined, { signal: deadline })
  }
  throw new Error(`exit code ${child.exitCode}`)
}

function collect(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return () => text.trim()
}
