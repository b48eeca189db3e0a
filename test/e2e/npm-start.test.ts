import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { describe, expect, test } from 'vitest'

import { temporaryFolder } from '../support/temporary-folder.ts'
import { whenDone } from '../support/when-done.ts'

describe('npm start', () => {
  test('passes a SIGTERM on, and the gateway behind it ends with code 0', async () => {
    const { pid, ended } = await npmStart()
    process.kill(pid, 'SIGTERM')
    expect(await ended).toEqual([0, null])
  })

  test('ends with code 0 on the Ctrl-C of a terminal, and PostgreSQL with it', async () => {
    const { pid, data, ended } = await npmStart()
    const postmaster = join(data, 'postgres/cluster/postmaster.pid')
    expect(existsSync(postmaster)).toBe(true)
    // The terminal signals the whole group, and npm passes on what it got itself.
    process.kill(-pid, 'SIGINT')
    expect(await ended).toEqual([0, null])
    expect(existsSync(postmaster)).toBe(false)
  })

  test('keeps the gateway in its process group, under a command line that names it', async () => {
    const { pid } = await npmStart()
    const commands = await commandsOfGroup(pid)
    expect(commands.filter((command) => command.includes('src/bin/serve.ts'))).toHaveLength(1)
  })
})

/** `npm start` in a process group of its own, once the gateway is ready. */
async function npmStart() {
  const data = await temporaryFolder()
  const npm = spawn('npm', ['start'], {
    env: { PATH: process.env['PATH'], HOME: data, PORT: '0', MAAT_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const { pid } = npm
  if (pid === undefined) throw new Error('npm did not start.')
  const ended = once(npm, 'exit')
  whenDone(async () => {
    if (npm.exitCode === null) process.kill(-pid, 'SIGTERM')
    await ended
    await rm(data, { recursive: true, force: true })
  })
  await new Promise<void>((resolve) => {
    npm.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('Maat is ready')) resolve()
    })
  })
  return { pid, data, ended }
}

/** The command lines of all processes of the group. */
async function commandsOfGroup(group: number): Promise<string[]> {
  // Small images of Linux have no ps, macOS has no /proc.
  if (!existsSync('/proc/self/stat')) {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pgid=,args='])
    const lines = stdout.split('\n').map((line) => line.trim())
    return lines.filter((line) => line.startsWith(`${group} `))
  }
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = ids.map(async (id) => {
    // A process may end while it is looked at.
    const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')
    const [, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(pgrp) === group ? readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '') : ''
  })
  return (await Promise.all(commands)).filter((command) => command !== '')
}
