import { once } from 'node:events'
import { readdir, readFile, stat, truncate } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'

import { createKeyFile } from '../../src/vault/key-file.ts'
import { sendRequest } from '../support/http-request.ts'
import { query } from '../support/postgres.ts'
import { runCommand } from '../support/run-command.ts'
import { runPasted, startGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testDatabase } from '../support/test-database.ts'
import { whenDone } from '../support/when-done.ts'
import { untilListening } from '../support/until-listening.ts'

const KEY = /maat_sk_[0-9A-Za-z]{38}/

describe('the first start', async () => {
  const data = join(await ownFolder(), "a data folder that isn't plain")
  const gateway = await startGateway({ MAAT_DATA: data })

  test('prints the demo key, and keeps it where nobody else can read it', async () => {
    const file = join(data, 'demo-key')
    expect(gateway.printed).toContain((await readFile(file, 'utf8')).trim())
    expect(gateway.printed).toContain(file)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('prints a curl line that works when pasted', async () => {
    const line = gateway.printed.split('\n').find((printed) => printed.startsWith('curl '))
    const { data: answered } = JSON.parse(await runPasted(line ?? ''))
    expect(answered.me.username).toBe('demo')
    expect(answered.me.measurementSets.nodes[0].measurements.chest).toBeGreaterThan(500)
  })

  test('is ready, and says nothing on standard output but what was meant to be read', async () => {
    expect((await sendRequest(gateway.origin, { path: '/readyz' })).status).toBe(200)
    expect(gateway.printed.split('\n')).toHaveLength(5)
  })

  test('ends with code 0 within 2 s of Ctrl-C when it is idle', async () => {
    const start = performance.now()
    expect(await gateway.end('SIGINT')).toBe(0)
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})

test('after kill -9 the next start has every row and the same key', async () => {
  const data = await ownFolder()
  const first = await startGateway({ MAAT_DATA: data })
  const before = await ownSets(first.origin, first.printed)
  expect(await first.end('SIGKILL')).toBeNull()
  const second = await startGateway({ MAAT_DATA: data })
  expect(KEY.exec(second.printed)?.[0]).toBe(KEY.exec(first.printed)?.[0])
  expect(await ownSets(second.origin, first.printed)).toEqual(before)
})

test('a key that is revoked elsewhere is refused within a second', async () => {
  const { url } = await testDatabase()
  const data = await ownFolder()
  await createKeyFile(join(data, 'keys.json'))
  const { origin } = await startGateway({ DATABASE_URL: url, MAAT_DATA: data, MAAT_DEMO: '1' })
  const authorization = `Bearer ${(await readFile(join(data, 'demo-key'), 'utf8')).trim()}`
  const status = async (): Promise<number> => {
    const path = '/graphql?query={me{id}}'
    return (await sendRequest(origin, { path, headers: { authorization } })).status
  }
  await untilListening(url)
  expect(await status()).toBe(200)
  await query(url, `update api_key set revoked_at = now(), revocation_reason = 'leak'`)
  await vi.waitFor(async () => expect(await status()).toBe(401), { timeout: 1_000, interval: 20 })
})

test('on SIGTERM under load every request is answered until clients are told to go, and the code is 0', async () => {
  const { origin, end } = await startGateway({
    MAAT_DATA: await ownFolder(),
    MAAT_DRAIN_WAIT: '1s',
    // Nobody may ask as much as these do.
    MAAT_MODE: 'measure',
  })
  const clients = Array.from({ length: 8 }, () => sendUntilClosed(origin))
  await Promise.all(clients.map(({ started }) => started))
  expect(await end('SIGTERM')).toBe(0)
  const outcomes = await Promise.all(clients.map(({ outcome }) => outcome))
  expect(outcomes).toEqual(clients.map(() => 'told to close'))
})

describe('a start that can not work ends with one line and code 1', () => {
  test('on a busy port, and changes nothing on disk', async () => {
    const folder = await ownFolder()
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    whenDone(async () => void taken.close())
    // A TCP server's address is never a string.
    const { port } = taken.address() as AddressInfo
    const outcome = await serve({ PORT: String(port), MAAT_DATA: join(folder, 'data') })
    expect(outcome).toEqual({
      code: 1,
      stdout: '',
      stderr: `maat: 127.0.0.1:${port} is in use by another process. Stop it, or set PORT to a free port.\n`,
    })
    expect(await readdir(folder)).toEqual([])
  })

  test.each([
    ['PORT', '70000'],
    ['HOST', 'not a host'],
    ['DATABASE_URL', 'mysql://root:secret@localhost/maat'],
    ['MAAT_DEMO', 'yes'],
    ['MAAT_PUBLIC_URL', 'http://maat.example'],
    ['MAAT_CORS_ORIGINS', 'app.example'],
    ['MAAT_DRAIN_WAIT', 'soon'],
    ['LOG_LEVEL', 'loud'],
    ['MAAT_PORT', '4000'],
  ])('for %s=%s', async (name, value) => {
    const folder = await ownFolder()
    const { code, stdout, stderr } = await serve({ MAAT_DATA: join(folder, 'data'), [name]: value })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^maat: [^\n]+\n$/)
    expect(stderr).toContain(name)
    expect(stderr).not.toContain('secret')
    expect(await readdir(folder)).toEqual([])
  })

  test('for a database without a key file, and names the command that makes one', async () => {
    const { url } = await testDatabase()
    const keys = join(await ownFolder(), 'keys.json')
    const { code, stderr } = await serve({ DATABASE_URL: url, MAAT_KEYS: keys })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^maat: [^\n]*npm run keys:init[^\n]*\n$/)
  })

  test('for a truncated key file, and one of another database; nothing is changed on disk', async () => {
    const data = join(await ownFolder(), 'data')
    const keys = join(await ownFolder(), 'keys.json')
    await createKeyFile(keys)
    const { end } = await startGateway({ MAAT_DATA: data, MAAT_DEMO: '0' })
    await end('SIGTERM')
    const foreign = await serve({ MAAT_DATA: data, MAAT_KEYS: keys })
    expect([foreign.code, foreign.stdout]).toEqual([1, ''])
    expect(foreign.stderr).toMatch(/^maat: [^\n]*MAAT_KEYS[^\n]*\n$/)

    await truncate(keys, 100)
    const folder = await ownFolder()
    const truncated = await serve({ MAAT_DATA: join(folder, 'data'), MAAT_KEYS: keys })
    expect([truncated.code, truncated.stdout]).toEqual([1, ''])
    expect(truncated.stderr).toMatch(/^maat: [^\n]*truncated or damaged[^\n]*\n$/)
    expect(await readdir(folder)).toEqual([])
  })

  test('for a database that is not there', async () => {
    const DATABASE_URL = 'postgres://app:secret@127.0.0.1:1/maat'
    const { code, stderr } = await serve({ DATABASE_URL })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^maat: The database of DATABASE_URL can not be reached[^\n]*\n$/)
    expect(stderr).not.toContain('secret')
  })
})

function serve(env: Readonly<Record<string, string>>) {
  return runCommand('serve', [], { PORT: '0', ...env })
}

async function ownFolder(): Promise<string> {
  const folder = await temporaryFolder()
  return folder
}

/** The demo account's sets, asked for with the key in what a gateway printed. */
async function ownSets(origin: string, printed: string): Promise<unknown> {
  const { body } = await sendRequest(origin, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${KEY.exec(printed)?.[0]}`,
    },
    body: '{"query":"{ measurementSets { totalCount nodes { id name measurements } } }"}',
  })
  const { data } = JSON.parse(body)
  expect(data.measurementSets.totalCount).toBeGreaterThanOrEqual(12)
  return data
}

/** Asks again and again over one connection, as a load balancer does; its outcome is why that came to an end. */
function sendUntilClosed(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const started = Promise.withResolvers<void>()
  const outcome = (async () => {
    for (;;) {
      const answer = await ask(origin, agent)
      if (answer !== 'keep-alive') return answer
      started.resolve()
    }
  })()
  return { started: started.promise, outcome }
}

function ask(origin: string, agent: Agent): Promise<string | undefined> {
  const body = '{"query":"{ curatedSets(first: 1) { nodes { name } } }"}'
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' }
    request(`${origin}/graphql`, { method: 'POST', agent, headers }, (response) => {
      const { statusCode, headers: fields } = response
      const outcome = fields.connection === 'close' ? 'told to close' : fields.connection
      response.resume().on('end', () => {
        resolve(statusCode === 200 ? outcome : `status ${statusCode}`)
      })
    })
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      .end(body)
  })
}
