import { randomBytes } from 'node:crypto'

import { base58 } from '@scure/base'
import { expect, test } from 'vitest'

import { runStatement } from '../../../src/database/run-statement.ts'
import { testDatabase } from '../../support/test-database.ts'

const database = await testDatabase()

const EDGES = [
  '00000000-0000-0000-0000-000000000000',
  '00000000-0000-0000-0000-000000000001',
  '00000000-0000-0000-0000-00000000003a',
  '00000000-0000-0000-0000-0000000000ff',
  '00000000-0000-0000-0000-000000000100',
  '00000000-0000-0000-05fa-8624c7fba400',
  '00000000-0000-0001-0000-000000000000',
  '0000ffff-ffff-ffff-ffff-ffffffffffff',
  '7fffffff-ffff-ffff-ffff-ffffffffffff',
  '80000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
]

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

test('the database writes an id exactly as the gateway does', async () => {
  const random = Array.from({ length: 500 }, () => randomBytes(16).toString('hex'))
  const ids = [...EDGES, ...random]
  const text = `select array_agg(base58(id) order by place)
    from unnest($1::uuid[]) with ordinality as given (id, place)`
  const [slugs] = await runStatement(database, { text, values: [ids] })
  expect(slugs).toEqual(ids.map((id) => base58.encode(bytesOf(id))))
})
