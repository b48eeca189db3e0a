import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, copyFileSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

test('an old Node beside an installed one is told to run with npm start', () => {
  const { status, stderr } = startUnder('20.20.2', ['node_modules/.bin/node'])
  expect(status).toBe(1)
  expect(stderr).toMatch(/^maat: Node 20\.20\.2 is too old; run with npm start.*\n$/)
})

test('an old Node alone is told to install a newer one', () => {
  const { status, stderr } = startUnder('22.12.0', [])
  expect(status).toBe(1)
  expect(stderr).toMatch(/^maat: Node 22\.12\.0 is too old; install Node 24.*\n$/)
})

test.each(['24.0.0', '24.21.0', '26.1.0'])('Node %s goes on to the command', (version) => {
  expect(startUnder(version, [])).toMatchObject({ status: 0, stdout: 'started', stderr: '' })
})

test('npm takes the Node that npm ci installed, whatever the host has', () => {
  const root = mkdtempSync(join(tmpdir(), 'maat-guard-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  copyFileSync('package.json', join(root, 'package.json'))
  const own = join(root, 'node_modules/.bin/node')
  mkdirSync(dirname(own), { recursive: true })
  writeFileSync(own, '#!/bin/sh\necho own "$@"', { mode: 0o755 })
  const { stdout } = spawnSync('npm', ['start', '--silent'], { cwd: root, encoding: 'utf8' })
  expect(stdout).toBe('own -r ./src/bin/guard.cjs src/bin/serve.ts\n')
})

test('what Node compiles is kept beside the packages, and nowhere where there are none', () => {
  expect(startUnder('24.0.0', ['node_modules/.bin/node']).isCacheKept).toBe(true)
  expect(startUnder('24.0.0', [])).toMatchObject({ status: 0, isCacheKept: false })
})

/** Starts a command behind the guard, in a checkout that holds these files, under a Node that says it is this version. */
function startUnder(version: string, files: readonly string[]) {
  const root = mkdtempSync(join(tmpdir(), 'maat-guard-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const path of files) put(path, '')
  put('version.cjs', `Object.defineProperty(process.versions, 'node', { value: '${version}' })`)
  put('src/bin/command.cjs', "process.stdout.write('started')")
  copyFileSync('src/bin/guard.cjs', join(root, 'src/bin/guard.cjs'))
  const outcome = spawnSync(
    process.execPath,
    ['-r', './version.cjs', '-r', './src/bin/guard.cjs', 'src/bin/command.cjs'],
    { cwd: root, encoding: 'utf8' },
  )
  return { ...outcome, isCacheKept: existsSync(join(root, 'node_modules/.cache/maat')) }
}
