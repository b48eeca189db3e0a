import { execFile } from 'node:child_process'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

import { startGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const readme = await readFile('README.md', 'utf8')
const folder = await temporaryFolder()
const gateway = await startGateway({ MAAT_DATA: join(folder, '.maat') })

test('the script makes a set, changes it, and it is had as a file', async () => {
  const printed = await runScript('add-set.mjs')
  expect(parse(printed)).toMatchObject({
    name: 'Kim',
    type: 'measurementsSet',
    measurements: { chest: 920, waist: 723.9, shoulderSlope: 13 },
  })
})

test('the script imports a table of two people', async () => {
  const answer = JSON.parse(await runScript('import-sets.mjs'))
  expect(answer).toMatchObject({
    measurementSets: {
      nodes: [
        { id: expect.stringMatching(/^set_/), name: 'Kim' },
        { id: expect.stringMatching(/^set_/), name: 'Sam' },
      ],
    },
    warnings: [],
    ignored: [],
  })
})

/** What the block of commands that calls the script prints, in a folder of its own. */
async function runScript(name: string): Promise<string> {
  const all = [...readme.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
  const script = all.find((block) => block.startsWith(`// ${name}`)) ?? ''
  const commands = all.find((block) => block.includes(`node ${name}`)) ?? ''
  const work = await temporaryFolder()
  await symlink(join(folder, '.maat'), join(work, '.maat'))
  await writeFile(join(work, name), script)
  const here = commands.replaceAll('http://127.0.0.1:4000', gateway.origin)
  const env = { PATH: process.env['PATH'], MAAT_ENDPOINT: `${gateway.origin}/graphql` }
  const { stdout } = await promisify(execFile)('sh', ['-ec', here], { cwd: work, env })
  return stdout
}
