import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { expect, onTestFinished, test, vi } from 'vitest'

import { query } from '../support/postgres.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SCRIPT = fileURLToPath(new URL('../support/postgres-user.ts', import.meta.url))
const WITHIN = { timeout: 30_000, interval: 20 }

interface User {
  readonly process: ChildProcess
  readonly url: string
  readonly notice: string | null
  readonly rows: number
  /** Ends it in order; resolves when it has exited. */
  readonly leave: () => Promise<void>
}

/** Removed when the test ends, with the server that may still run in it. */
async function dataFolder(): Promise<string> {
  const data = await temporaryFolder()
  onTestFinished(async () => {
    const pid = await postmasterOf(data)
    if (pid !== null) process.kill(pid, 'SIGQUIT')
    await vi.waitUntil(() => pid === null || !isAlive(pid), WITHIN)
    const away = await readlink(join(data, 'postgres')).catch(() => null)
    if (away !== null) await rm(away, { recursive: true, force: true })
    await rm(data, { recursive: true, force: true, maxRetries: 5 })
  })
  return data
}

/** Starts a process that uses the server; resolves when it has added its row. */
async function startUser(data: string): Promise<User> {
  const child = spawn(process.execPath, [SCRIPT, data], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)
  const [line] = (await Promise.race([once(lines, 'line'), once(lines, 'close')])) as [string?]
  if (line === undefined) throw new Error('The process ended before it used the server.')
  return {
    process: child,
    ...(JSON.parse(line) as Pick<User, 'url' | 'notice' | 'rows'>),
    async leave() {
      const exit = once(child, 'exit')
      child.stdin.end()
      expect(await exit).toEqual([0, null])
    },
  }
}

/** What a process that can not start says, and how it exits. */
async function refusal(data: string, ...more: string[]): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [SCRIPT, data, ...more], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  return { code: Number(code), said }
}

async function kill(user: User): Promise<void> {
  const exit = once(user.process, 'exit')
  user.process.kill('SIGKILL')
  await exit
}

async function postmasterOf(data: string): Promise<number | null> {
  const file = join(data, 'postgres/cluster/postmaster.pid')
  const content = await readFile(file, 'utf8').catch(() => '')
  return content === '' ? null : Number(content.split('\n')[0])
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('the last user takes the server along, and the next start finds every row', async () => {
  const data = await dataFolder()
  const first = await startUser(data)
  const postmaster = await postmasterOf(data)
  expect(first.rows).toBe(1)
  await first.leave()
  await vi.waitUntil(() => postmaster !== null && !isAlive(postmaster), WITHIN)
  expect(await postmasterOf(data)).toBeNull()

  const second = await startUser(data)
  expect(second.rows).toBe(2)
  await second.leave()
})

test('processes on one data folder share one server, which stays until the last one leaves', async () => {
  const data = await dataFolder()
  const first = await startUser(data)
  const postmaster = await postmasterOf(data)
  const second = await startUser(data)
  expect(await postmasterOf(data)).toBe(postmaster)
  expect(second.url).toBe(first.url)

  await first.leave()
  expect(await query(second.url, 'select count(*)::int as rows from seen')).toEqual([{ rows: 2 }])
  await second.leave()
  expect(await postmasterOf(data)).toBeNull()
})

test('processes that start at the same moment on a new folder share one server', async () => {
  const data = await dataFolder()
  const users = await Promise.all([startUser(data), startUser(data), startUser(data)])
  expect(new Set(users.map((user) => user.url)).size).toBe(1)
  expect(Math.max(...users.map((user) => user.rows))).toBe(3)
  await Promise.all(users.map((user) => user.leave()))
  expect(await postmasterOf(data)).toBeNull()
})

test('one process starts while the last other one leaves', async () => {
  const data = await dataFolder()
  let user = await startUser(data)
  for (let rows = 2; rows < 6; rows += 1) {
    const [, next] = await Promise.all([user.leave(), startUser(data)])
    expect(next.rows).toBe(rows)
    user = next
  }
  await user.leave()
  expect(await postmasterOf(data)).toBeNull()
})

test('a killed process leaves the server, the next start reuses it, and its end stops it', async () => {
  const data = await dataFolder()
  await kill(await startUser(data))
  const postmaster = await postmasterOf(data)
  expect(postmaster !== null && isAlive(postmaster)).toBe(true)

  const next = await startUser(data)
  expect(next.rows).toBe(2)
  expect(await postmasterOf(data)).toBe(postmaster)
  await next.leave()
  expect(await postmasterOf(data)).toBeNull()
})

test('a killed process does not take the server from another one', async () => {
  const data = await dataFolder()
  const [killed, other] = [await startUser(data), await startUser(data)]
  await kill(killed)
  expect(await query(other.url, 'select count(*)::int as rows from seen')).toEqual([{ rows: 2 }])
  await other.leave()
  expect(await postmasterOf(data)).toBeNull()
})

test('Ctrl-C reaches the process, not its server', async () => {
  const data = await dataFolder()
  const user = await startUser(data)
  const postmaster = Number(await postmasterOf(data))
  // A terminal interrupts a whole process group; -pid addresses one.
  expect(() => process.kill(-postmaster, 0)).not.toThrow()
  await user.leave()
})

test('a server that is killed is started again below a running process, without a lost row', async () => {
  const data = await dataFolder()
  const user = await startUser(data)
  process.kill(Number(await postmasterOf(data)), 'SIGKILL')
  const rows = await vi.waitFor(
    () => query(user.url, 'select count(*)::int as rows from seen'),
    WITHIN,
  )
  expect(rows).toEqual([{ rows: 1 }])
  await user.leave()
  expect(await postmasterOf(data)).toBeNull()
})

test('after process and server were killed, the next start recovers every row', async () => {
  const data = await dataFolder()
  const user = await startUser(data)
  const postmaster = Number(await postmasterOf(data))
  await kill(user)
  process.kill(postmaster, 'SIGKILL')

  const next = await startUser(data)
  expect(next.rows).toBe(2)
  expect(await postmasterOf(data)).not.toBe(postmaster)
  await next.leave()
})

test('a number in postmaster.pid that a stranger has by now is no obstacle', async () => {
  const data = await dataFolder()
  await (await startUser(data)).leave()
  const cluster = join(data, 'postgres/cluster')
  const { uid, gid } = await stat(cluster)
  const stranger = spawn('/bin/sh', ['-c', 'read -r line'], {
    ...(process.getuid?.() === 0 ? { uid, gid } : {}),
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  onTestFinished(() => void stranger.kill())
  const stale = [stranger.pid, cluster, 0, 5432, join(data, 'postgres/socket'), '', '', 'ready', '']
  await writeFile(join(cluster, 'postmaster.pid'), stale.join('\n'))
  await writeFile(join(data, 'postgres/socket/.s.PGSQL.5432.lock'), stale.join('\n'))

  const next = await startUser(data)
  expect(next.rows).toBe(2)
  await next.leave()
})

test('a first start that was killed on the way is no obstacle', async () => {
  const data = await dataFolder()
  const child = spawn(process.execPath, [SCRIPT, data], { stdio: 'ignore' })
  await vi.waitUntil(() => existsSync(join(data, 'postgres')), WITHIN)
  child.kill('SIGKILL')
  const user = await startUser(data)
  expect(user.rows).toBe(1)
  await user.leave()
})

test('a data folder with a long path has its socket in a short private folder', async () => {
  const folder = await dataFolder()
  const data = join(folder, 'long'.repeat(30))
  const user = await startUser(data)
  const socket = new URL(user.url).searchParams.get('host') ?? ''
  expect(socket.length).toBeLessThan(80)
  expect((await stat(socket)).mode & 0o777).toBe(0o700)
  await user.leave()
  await rm(socket, { recursive: true })
})

test.each([
  ['newer', '99', 'Start the newer release of Maat that made it'],
  ['older', '9', 'Move its content with pg_dump of PostgreSQL 9'],
])('a cluster of a %s PostgreSQL stops the start and stays as it is', async (_, version, cure) => {
  const data = await dataFolder()
  await (await startUser(data)).leave()
  const file = join(data, 'postgres/cluster/PG_VERSION')
  await writeFile(file, `${version}\n`)
  const { mtimeMs } = await stat(join(data, 'postgres/cluster'))
  const { code, said } = await refusal(data)
  expect(code).toBe(1)
  expect(said).toMatch(new RegExp(`^maat: .* was made by PostgreSQL ${version}, .*${cure}.*\\n$`))
  expect(await readFile(file, 'utf8')).toBe(`${version}\n`)
  expect((await stat(join(data, 'postgres/cluster'))).mtimeMs).toBe(mtimeMs)
})

test('where PostgreSQL can not run, one line names the variable to set', async () => {
  const { code, said } = await refusal(await dataFolder(), '/nonexistent/bin')
  expect(code).toBe(1)
  expect(said).toMatch(/^maat: The embedded PostgreSQL .*Set DATABASE_URL to a PostgreSQL 15 .*\n$/)
})

test('a data folder that can not be made stops the start with one line', async () => {
  const folder = await dataFolder()
  await writeFile(join(folder, 'file'), '')
  const { code, said } = await refusal(join(folder, 'file/data'))
  expect(code).toBe(1)
  expect(said).toMatch(/^maat: The data folder can not be used: .*set MAAT_DATA to another\.\n$/)
})

test('a link to a home that is gone stops the start: its rows are not silently begun anew', async () => {
  const data = await dataFolder()
  await symlink(join(data, 'gone'), join(data, 'postgres'))
  const { code, said } = await refusal(data)
  expect(code).toBe(1)
  expect(said).toMatch(/^maat: .*links to a folder that is gone.*\n$/)
})

test('a data folder below a closed one works, also for root, who then hears where the files are', async () => {
  const closed = await dataFolder()
  const data = join(closed, 'data')
  await mkdir(data)
  await chmod(closed, 0o700)
  onTestFinished(async () => {
    const away = await readlink(join(data, 'postgres')).catch(() => null)
    if (away !== null) await rm(away, { recursive: true, force: true })
  })
  const user = await startUser(data)
  const where = process.getuid?.() === 0 ? /files are in \/var\/lib\/maat\// : /^null$/
  expect(String(user.notice)).toMatch(where)
  await user.leave()
  const again = await startUser(data)
  expect(again.rows).toBe(2)
  await again.leave()
})
