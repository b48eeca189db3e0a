import { spawnSync } from 'node:child_process'
import { mkdirSync, copyFileSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs'
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
  return spawnSync(
    process.execPath,
    ['-r', './version.cjs', '-r', './src/bin/guard.cjs', 'src/bin/command.cjs'],
    { cwd: root, encoding: 'utf8' },
  )
}
