import { expect, onTestFinished, test } from 'vitest'
import { createFileReader } from '../../../../src/measurements/formats/read-in-thread.ts'

const FILE = {
  account: 'ada',
  text: '[{"name":"Ada","measurements":{"chest":900}}]',
  format: 'json',
  options: {},
} as const

function fileReader(options: Parameters<typeof createFileReader>[0] = {}) {
  const reader = createFileReader(options)
  onTestFinished(reader.close)
  return reader
}

test('files are read one after the other, each answered with its own', async () => {
  const { read } = fileReader()
  const names = ['Ada', 'Ben', 'Cleo']
  const files = names.map((name) => ({ ...FILE, text: FILE.text.replace('Ada', name) }))
  expect(await Promise.all(files.map(read))).toMatchObject(
    names.map((name) => ({ kind: 'read', sets: [{ name }] })),
  )
})

test('beyond those that may wait, none is taken', async () => {
  const { read } = fileReader({ waiting: 1 })
  const settled = await Promise.allSettled([read(FILE), read(FILE), read(FILE)])
  expect(settled).toMatchObject([
    { status: 'fulfilled' },
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'OVERLOADED' } },
  ])
})

test('of one account three are taken, and another one has its turn', async () => {
  const { read } = fileReader()
  const own = [read(FILE), read(FILE), read(FILE), read(FILE)]
  const settled = await Promise.allSettled([...own, read({ ...FILE, account: 'ben' })])
  expect(settled.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
})

test('a reader that is closed leaves nobody waiting', async () => {
  const { read, close } = fileReader()
  const waiting = Promise.allSettled([read(FILE), read({ ...FILE, account: 'ben' })])
  await close()
  expect(await waiting).toMatchObject([
    { reason: { code: 'OVERLOADED' } },
    { reason: { code: 'OVERLOADED' } },
  ])
})

test('a file that takes too long is given up, and the next one has its turn', async () => {
  // No thread is there within a millisecond.
  const { read } = fileReader({ longestMs: 1 })
  const settled = await Promise.allSettled([read(FILE), read(FILE)])
  expect(settled).toMatchObject([
    { status: 'rejected', reason: { code: 'INPUT_INVALID' } },
    { status: 'rejected', reason: { code: 'INPUT_INVALID' } },
  ])
})
