import { Writable } from 'node:stream'

import { expect, test } from 'vitest'

import { startProgress } from '../../../src/bin/progress.ts'

/** A stream, and what was written to it. */
function collector(isTTY: boolean) {
  const written: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      done()
    },
  })
  return { written, stream: Object.assign(stream, { isTTY }) }
}

test('where nobody looks on, every tenth of the way is one line', async () => {
  const { written, stream } = collector(false)
  const { show, end } = await startProgress('rows', stream)
  for (let done = 0; done <= 1000; done += 1) show(done, 1000)
  end()
  expect(written).toEqual(
    Array.from({ length: 10 }, (_, tenth) => `${(tenth + 1) * 100} of 1000 rows\n`),
  )
})

test('steps larger than a tenth are one line each', async () => {
  const { written, stream } = collector(false)
  const { show } = await startProgress('rows', stream)
  for (const done of [250, 500, 1000]) show(done, 1000)
  expect(written).toEqual(['250 of 1000 rows\n', '500 of 1000 rows\n', '1000 of 1000 rows\n'])
})

test('nothing to do is done at once', async () => {
  const { written, stream } = collector(false)
  const { show } = await startProgress('rows', stream)
  show(0, 0)
  expect(written).toEqual(['0 of 0 rows\n'])
})

test('on a terminal there is a bar, and what it showed last stands', async () => {
  const { written, stream } = collector(true)
  const { show, end } = await startProgress('rows', stream)
  show(0, 1000)
  show(1000, 1000)
  end()
  end()
  expect(written.join('')).toMatch(/0% \| 0 of 1000 rows .* 100% \| 1000 of 1000 rows/s)
})
