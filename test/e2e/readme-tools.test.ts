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

test('a set tells what it lacks for each design', async () => {
  const { data } = JSON.parse(await runCommands('fittingDesigns'))
  const [{ fittingDesigns }] = data.measurementSets.nodes
  expect(fittingDesigns).toHaveLength(53)
  expect(fittingDesigns).toContainEqual({
    design: { code: 'aaron', name: 'Aaron' },
    missing: expect.any(Array),
    missingOptional: expect.any(Array),
  })
})

test('the script exports all sets, a line for each', async () => {
  const lines = (await runScript('export-sets.mjs')).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    Array.from({ length: 2 }, () => ({
      id: expect.stringMatching(/^set_/),
      name: expect.any(String),
      measurements: expect.any(Object),
    })),
  )
})

test('the ledger of today is had as a file, with what was asked before', async () => {
  const ask = {
    method: 'POST',
    headers: await asDemo(),
    body: '{"query": "query Mine { me { id } }"}',
  }
  expect((await fetch(`${gateway.origin}/graphql`, ask)).status).toBe(200)
  await expect
    .poll(async () => runCommands('/ledger.csv'), { timeout: 10_000 })
    .toMatch(/^time,key,operation,[\s\S]*\n[\d-]+T[\d:.]+Z,key_\w+,Mine,\d/)
})

async function asDemo(): Promise<Record<string, string>> {
  const key = await readFile(join(folder, '.maat', 'demo-key'), 'utf8')
  return { 'content-type': 'application/json', authorization: `Bearer ${key.trim()}` }
}

/** What the block of commands that calls the script prints, in a folder of its own. */
async function runScript(name: string): Promise<string> {
  const script = blocks('js').find((block) => block.startsWith(`// ${name}`)) ?? ''
  return runCommands(`node ${name}`, { [name]: script })
}

/** What the block of commands that holds this prints, in a folder with these files. */
async function runCommands(
  part: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const commands = blocks('sh').find((block) => block.includes(part)) ?? ''
  const work = await temporaryFolder()
  await symlink(join(folder, '.maat'), join(work, '.maat'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(work, name), text)
  const here = commands.replaceAll('http://127.0.0.1:4000', gateway.origin)
  const env = { PATH: process.env['PATH'], MAAT_ENDPOINT: `${gateway.origin}/graphql` }
  const { stdout } = await promisify(execFile)('sh', ['-ec', here], { cwd: work, env })
  return stdout
}

function blocks(language: string): readonly string[] {
  const all = readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)
  return [...all].flatMap(([, own, text = '']) => (own === language ? [text] : []))
}
