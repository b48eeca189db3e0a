import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { gatewayEnvironment } from '../../config.ts'

export interface CalibrationGateway {
  /** http://127.0.0.1:port */
  readonly origin: string
  /** It has ended, and everything that it wrote down is in its database. Idempotent. */
  readonly stop: () => Promise<void>
}

export interface GatewayPlace {
  readonly databaseUrl: string
  /** Holds the key file that sealed the database; what the gateway leaves is below it, too. */
  readonly folder: string
  /** Whether statements are prepared by name. */
  readonly preparedStatements: boolean
}

const SERVE = fileURLToPath(new URL('../serve.ts', import.meta.url))

/** A gateway in a process of its own, as npm start runs it, on a free port of this machine and with budgets that never end. */
export async function startGateway({
  databaseUrl,
  folder,
  preparedStatements,
}: GatewayPlace): Promise<CalibrationGateway> {
  const policies = join(folder, 'policies.json')
  await writeFile(policies, JSON.stringify(ENDLESS))
  const child = spawn(process.execPath, [SERVE], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: gatewayEnvironment({
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      MAAT_PREPARED_STATEMENTS: preparedStatements ? '1' : '0',
      MAAT_DATA: folder,
      MAAT_DEMO: '0',
      MAAT_POLICIES: policies,
      LOG_LEVEL: 'fatal',
    }),
  })
  const ended = once(child, 'exit')
  const origin = await originOf(child, ended)
  return {
    origin,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Every check runs, and none refuses. */
const BUCKET = { capacity: 1_000_000_000, restorePerSecond: 1_000_000 }
const WINDOW = { capacity: 1_000_000_000 }
const ENDLESS = {
  burst: BUCKET,
  day: WINDOW,
  'young-day': WINDOW,
  attempts: BUCKET,
  'service-burst': BUCKET,
}

/** Settles once the gateway says that it is ready. */
async function originOf(child: ChildProcess, ended: Promise<unknown>): Promise<string> {
  let [printed, failed] = ['', '']
  child.stderr?.on('data', (chunk: Buffer) => (failed += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const [, origin] = /^Maat is ready.* (http:\/\/[^/\s]+)\S*$/m.exec(printed) ?? []
      if (origin !== undefined) resolve(origin)
    })
    ended.then(
      () => reject(new Error(`The gateway that was to be measured ended. ${failed}${printed}`)),
      reject,
    )
  })
}
