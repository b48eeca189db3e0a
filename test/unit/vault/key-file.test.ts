import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StartError } from '../../../src/errors.ts'
import {
  createKeyFile,
  readKeyFile,
  replaceKeyFile,
  watchKeyFile,
} from '../../../src/vault/key-file.ts'
import {
  createKeyRing,
  printKeyRing,
  withFreshKey,
  withoutKeys,
} from '../../../src/vault/key-ring.ts'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maat-keys-'))
  path = join(folder, 'keys.json')
})
afterEach(() => rm(folder, { recursive: true }))

test('a new key file is readable by its owner alone and reads back as it was made', async () => {
  const ring = await createKeyFile(path)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readKeyFile(path)).toEqual(ring)
  expect(await readdir(folder)).toEqual(['keys.json'])
})

test('a key file is made in a folder that is not there yet', async () => {
  const deep = join(folder, 'a', 'b', 'keys.json')
  expect(await createKeyFile(deep)).toEqual(await readKeyFile(deep))
})

test('a key file never takes the place of one that is there', async () => {
  await createKeyFile(path)
  const before = await readFile(path, 'utf8')
  await expect(createKeyFile(path)).rejects.toThrow(StartError)
  expect(await readFile(path, 'utf8')).toBe(before)
  expect(await readdir(folder)).toEqual(['keys.json'])
})

test('of two that make the same key file at once one is refused', async () => {
  const outcomes = await Promise.allSettled([createKeyFile(path), createKeyFile(path)])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  await readKeyFile(path)
})

test('a missing key file stops the start and the message names the command', async () => {
  await expect(readKeyFile(path)).rejects.toThrow(/keys\.json.*npm run keys:init/)
})

test.each([0o640, 0o604, 0o666])('a key file of mode %o is refused', async (mode) => {
  await createKeyFile(path)
  await chmod(path, mode)
  await expect(readKeyFile(path)).rejects.toThrow(/chmod 600/)
})

test('a folder in the place of the key file is refused', async () => {
  await mkdir(path, { mode: 0o700 })
  await expect(readKeyFile(path)).rejects.toThrow(StartError)
})

test('a key file that was cut anywhere is refused, and the message quotes nothing of it', async () => {
  const text = printKeyRing(createKeyRing()).trimEnd()
  for (let length = 0; length < text.length; length += 7) {
    await writeFile(path, text.slice(0, length), { mode: 0o600 })
    await expect(readKeyFile(path)).rejects.toThrow(
      `The key file ${path} is truncated or damaged. Restore it from its backup.`,
    )
  }
})

test.each([
  ['another JSON file', '{"name":"canary"}', /is not a key file/],
  ['a list', '["canary"]', /is not a key file/],
  ['a newer version', '{"version":2,"purposes":"canary"}', /newer version/],
  ['a missing purpose', without('pepper'), /is not a key file/],
  ['a short key', printKeyRing(createKeyRing()).replace(/[\w+/]{4}="/, '="'), /is not a key file/],
  ['a key in use that is not there', unknownCurrent(), /is not a key file/],
])('%s is refused without a word of its content', async (_, text, expected) => {
  await writeFile(path, text, { mode: 0o600 })
  const error: unknown = await readKeyFile(path).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(StartError)
  expect(String(error)).toMatch(expected)
  expect(String(error)).toContain(path)
  expect(String(error)).not.toContain('canary')
})

test('keys are replaced whole, and the mode stays', async () => {
  const ring = withFreshKey(await createKeyFile(path), 'fields')
  await chmod(path, 0o400)
  await replaceKeyFile(path, ring)
  expect(await readKeyFile(path)).toEqual(ring)
  expect((await stat(path)).mode & 0o777).toBe(0o400)
  expect(await readdir(folder)).toEqual(['keys.json'])
})

test('a watch gives the ring once for each replacement', async () => {
  const first = await createKeyFile(path)
  const refresh = watchKeyFile(path)
  expect(refresh()).toBeNull()
  const second = withFreshKey(first, 'fields')
  await replaceKeyFile(path, second)
  expect(refresh()).toEqual(second)
  expect(refresh()).toBeNull()
})

test('a watch counts a file that is gone or damaged as unchanged', async () => {
  await createKeyFile(path)
  const refresh = watchKeyFile(path)
  await writeFile(path, '{')
  expect(refresh()).toBeNull()
  await rm(path)
  expect(refresh()).toBeNull()
})

test('a fields key leaves the ring unless it is in use', () => {
  const first = createKeyRing()
  const second = withFreshKey(first, 'fields')
  const ids = new Set([first.fields.current, second.fields.current])
  expect([...withoutKeys(second, 'fields', ids).fields.keys.keys()]).toEqual([
    second.fields.current,
  ])
})

test('keys keep their order of age in the file', async () => {
  const rings = Array.from({ length: 20 }).reduce<ReturnType<typeof createKeyRing>[]>(
    (made) => [...made, withFreshKey(made.at(-1) ?? createKeyRing(), 'fields')],
    [],
  )
  const last = rings.at(-1) ?? createKeyRing()
  await writeFile(path, printKeyRing(last), { mode: 0o600 })
  expect([...(await readKeyFile(path)).fields.keys.keys()]).toEqual([...last.fields.keys.keys()])
})

function without(purpose: string): string {
  const content = JSON.parse(printKeyRing(createKeyRing()))
  delete content.purposes[purpose]
  return JSON.stringify(content)
}

function unknownCurrent(): string {
  const content = JSON.parse(printKeyRing(createKeyRing()))
  content.purposes.fields.current = 'canary'
  return JSON.stringify(content)
}
