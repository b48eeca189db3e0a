import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

import { DEMO_SETS } from '../../src/seed/demo-people.ts'
import { runPasted, startGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const readme = await readFile('README.md', 'utf8')
const folder = await temporaryFolder()
const gateway = await startGateway({ MAAT_DATA: join(folder, '.maat') })

test('the curl line answers as the README says, from the folder of the checkout', async () => {
  const [line = ''] = blocks('sh').filter((block) => block.startsWith('curl '))
  const here = line.replace('http://127.0.0.1:4000', gateway.origin)
  const { data } = JSON.parse(await runPasted(`cd '${folder}'\n${here}`))
  expect(data.measurementSets.nodes).toHaveLength(2)
  const [{ name, measurements }] = data.measurementSets.nodes
  expect(name).toBe('Sasha')
  expect(Object.keys(measurements).toSorted()).toEqual(['chest', 'hips', 'waist'])
  // Centimetres of a grown person: not millimetres, not inches.
  expect(measurements.chest).toBeGreaterThan(60)
  expect(measurements.chest).toBeLessThan(160)
})

test('the script makes a key for the account of the command', async () => {
  const [script = ''] = blocks('js').filter((block) => block.startsWith('// make-key.mjs'))
  const [command = ''] = blocks('sh').filter((block) => block.includes('make-key.mjs'))
  const file = join(folder, 'make-key.mjs')
  await writeFile(file, script)
  const { stdout } = await promisify(execFile)(
    'sh',
    [
      '-c',
      command.replace('node make-key.mjs', `MAAT_ENDPOINT=${gateway.origin}/graphql node ${file}`),
    ],
    {
      env: { PATH: process.env['PATH'], MAAT_DATA: join(folder, '.maat') },
    },
  )
  const answer = await fetch(`${gateway.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stdout.trim()}` },
    body: JSON.stringify({ query: '{ me { username } }' }),
  })
  expect(await answer.json()).toMatchObject({ data: { me: { username: 'me' } } })
})

test('the script drafts a garment from a measurement set', async () => {
  const [script = ''] = blocks('js').filter((block) => block.startsWith('// draft.mjs'))
  const [command = ''] = blocks('sh').filter((block) => block.includes('draft.mjs'))
  const work = join(folder, 'work')
  await mkdir(work)
  await symlink(resolve('node_modules'), join(work, 'node_modules'))
  await symlink(join(folder, '.maat'), join(work, '.maat'))
  await writeFile(join(work, 'draft.mjs'), script)
  await promisify(execFile)('sh', ['-c', command], {
    cwd: work,
    env: { PATH: process.env['PATH'], MAAT_ENDPOINT: `${gateway.origin}/graphql` },
  })
  const svg = await readFile(join(work, 'brian.svg'), 'utf8')
  expect(svg).toMatch(/^<\?xml[^>]*\?><svg/)
  expect(svg).toMatch(/<path/)
  expect(svg).not.toContain('NaN')
})

test('the script that paces itself reads every set, page by page', async () => {
  const [script = ''] = blocks('js').filter((block) => block.startsWith('// all-sets.mjs'))
  const [command = ''] = blocks('sh').filter((block) => block.includes('all-sets.mjs'))
  const work = join(folder, 'paced')
  await mkdir(work)
  await symlink(join(folder, '.maat'), join(work, '.maat'))
  await writeFile(join(work, 'all-sets.mjs'), script)
  const { stdout } = await promisify(execFile)('sh', ['-c', command], {
    cwd: work,
    env: { PATH: process.env['PATH'], MAAT_ENDPOINT: `${gateway.origin}/graphql` },
  })
  expect(stdout.trimEnd().split('\n')).toEqual(DEMO_SETS.map(({ name }) => name))
})

test('the line that prices a document prints its price', async () => {
  const [line = ''] = /`(npm run -s cost -- [^`]*)`/.exec(readme)?.slice(1) ?? []
  const [, document = ''] = /^```graphql\n([\s\S]*?)^```$/m.exec(readme) ?? []
  const file = join(folder, 'priced.graphql')
  await writeFile(file, document)
  const { stdout } = await promisify(execFile)('sh', ['-c', line.replace('FILE', file)])
  expect(JSON.parse(stdout).points).toBe(118)
})

/** The code blocks of the README in this language. */
function blocks(language: string): string[] {
  return [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text = '']) => text)
}
