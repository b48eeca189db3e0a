import { readFileSync, symlinkSync, unlinkSync } from 'node:fs'

import { expect, test } from 'vitest'

import { segmentPath, segmentsIn } from '../../../src/metering/segment-files.ts'
import { SegmentWriter } from '../../../src/metering/segment-writer.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

async function folder(): Promise<string> {
  const path = await temporaryFolder()
  return path
}

function textOf(path: string, segment: number): string {
  return readFileSync(segmentPath(path, segment), 'latin1')
}

test('a line is in the file once it was appended', async () => {
  const path = await folder()
  const writer = new SegmentWriter(path)
  expect([writer.current, await segmentsIn(path)]).toEqual([1, []])
  expect([writer.append('one\n'), writer.append('two\n')]).toEqual([true, true])
  expect(textOf(path, 1)).toBe('one\ntwo\n')
  expect([writer.bytes, writer.current, writer.waiting]).toEqual([8, 1, 0])
})

test('after a rotation the next line begins a new segment', async () => {
  const path = await folder()
  const writer = new SegmentWriter(path)
  writer.append('one\n')
  writer.rotate()
  expect(writer.current).toBe(2)
  writer.append('two\n')
  expect([await segmentsIn(path), textOf(path, 1), textOf(path, 2)]).toEqual([
    [1, 2],
    'one\n',
    'two\n',
  ])
})

test('what a full disk does not take waits in memory, in order, and nothing of it is written twice', async () => {
  const path = await folder()
  const writer = new SegmentWriter(path)
  writer.append('one\n')
  writer.rotate()
  for (const segment of [2, 3]) symlinkSync('/dev/full', segmentPath(path, segment))
  const taken = Array.from({ length: 1200 }, (_, n) => writer.append(`${n}\n`))
  expect(taken.every((isWritten) => !isWritten)).toBe(true)
  expect([writer.waiting, writer.retry()]).toEqual([1200, false])
  for (const segment of [2, 3]) unlinkSync(segmentPath(path, segment))
  expect([writer.retry(), writer.waiting]).toEqual([true, 0])
  const lines = (await segmentsIn(path)).map((segment) => textOf(path, segment)).join('')
  expect(lines).toBe(`one\n${Array.from({ length: 1200 }, (_, n) => `${n}\n`).join('')}`)
})

test('a folder that is gone takes nothing, and nothing is thrown', async () => {
  const path = await folder()
  const writer = new SegmentWriter(`${path}/gone`)
  expect([writer.append('one\n'), writer.retry(), writer.waiting]).toEqual([false, false, 1])
})
