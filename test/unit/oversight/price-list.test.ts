import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { factorOf } from '../../../src/oversight/replay/price-change.ts'
import { readPriceList } from '../../../src/oversight/replay/read-price-list.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const NOW = { operation: 1, connection: 5, object: 1 }

const folder = await temporaryFolder()

async function read(text: string) {
  const path = join(folder, 'prices.json')
  await writeFile(path, text)
  return { path, list: () => readPriceList(path, NOW) }
}

test('a file stands in place of the prices that it names', async () => {
  const { list } = await read('{ "connection": 8.5, "object": 0 }')
  expect(list()).toEqual({ operation: 1, connection: 8.5, object: 0 })
})

test.each([
  ['{', ' is no JSON.'],
  ['[5]', ' is no object of prices.'],
  ['{ "list": 5 }', ': there is no price list; accepted: operation, connection, object.'],
  ['{ "object": -1 }', ': object is -1; accepted: a number from 0 to 10000.'],
  ['{ "object": "5" }', ': object is "5"; accepted: a number from 0 to 10000.'],
])('%s is refused', async (text, says) => {
  const { path, list } = await read(text)
  expect(list).toThrow(path + says)
})

describe('by how much something is dearer', () => {
  test.each([
    [{ operation: 1, connection: 1, object: 20 }, { connection: 18 }, 39 / 26],
    [{ operation: 1, object: 9 }, { object: 0 }, 0.1],
    [{ operation: 1 }, {}, 1],
    [{}, { operation: 5 }, 1],
    [{ operation: 1, unheard: 7 }, { operation: 3 }, 3],
  ])('%j at %j is %d', (paid, over, factor) => {
    expect(factorOf({ now: NOW, proposed: { ...NOW, ...over } }, paid)).toBeCloseTo(factor)
  })
})
