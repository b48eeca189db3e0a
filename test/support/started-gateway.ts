import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { whenDone } from './when-done.ts'

export interface StartedGateway {
  readonly child: ChildProcess
  /** http://127.0.0.1:port */
  readonly origin: string
  /** Everything it has printed, up to the line with which it is ready. */
  readonly printed: string
  /** Sends the signal, waits for the end, and gives the exit code; null where the signal itself ended it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>
}

const SERVE = fileURLToPath(new URL('../../src/bin/serve.ts', import.meta.url))

/** A gateway in a process of its own, as `npm start` runs it, on a free port. Ended with the test or the file. */
export async function startGateway(env: Readonly<Record<string, string>>): Promise<StartedGateway> {
  const child = spawn(process.execPath, [SERVE], {
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
  })
  const ended = once(child, 'exit')
  whenDone(async () => {
    child.kill('SIGTERM')
    await ended
  })
  let printed = ''
  let failed = ''
  child.stderr.on('data', (chunk: Buffer) => (failed += chunk.toString()))
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      if (printed.includes('\ncurl ') && printed.endsWith('\n')) resolve()
    })
    ended.then(() => reject(new Error(`The gateway ended: ${failed}`)), reject)
  })
  const [origin = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? []
  return {
    child,
    origin,
    printed,
    async end(signal) {
      child.kill(signal)
      const [code] = await ended
      return code
    },
  }
}

/** What the line prints when a shell runs it as it is; where there is no curl, ours stands in. */
export async function runPasted(line: string): Promise<string> {
  const curl = fileURLToPath(new URL('curl.ts', import.meta.url))
  const script = `command -v curl >/dev/null || curl() { '${process.execPath}' '${curl}' "$@"; }\n${line}`
  const { stdout } = await promisify(execFile)('sh', ['-c', script])
  return stdout
}
