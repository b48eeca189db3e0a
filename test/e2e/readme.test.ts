import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

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

/** The code blocks of the README in this language. */
function blocks(language: string): string[] {
  return [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text = '']) => text)
}
