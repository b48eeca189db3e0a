import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'

import { expect, test } from 'vitest'

import { temporaryFolder } from '../support/temporary-folder.ts'
import { whenDone } from '../support/test-database.ts'

test('a SIGTERM that npm start gets ends the gateway behind it with code 0', async () => {
  const data = await temporaryFolder()
  const npm = spawn('npm', ['start'], {
    env: { PATH: process.env['PATH'], HOME: data, PORT: '0', MAAT_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own: what outlives a failed test is ended with it.
    detached: true,
  })
  const ended = once(npm, 'exit')
  whenDone(async () => {
    if (npm.pid !== undefined && npm.exitCode !== 0) process.kill(-npm.pid, 'SIGKILL')
    await rm(data, { recursive: true, force: true })
  })
  await new Promise<void>((resolve) => {
    npm.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('Maat is ready')) resolve()
    })
  })
  npm.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})
