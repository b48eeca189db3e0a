import { expect, test } from 'vitest'
import { connectDatabase } from '../../src/database/connect.ts'
import { createDatabaseCheck } from '../../src/http/database-check.ts'
import { testDatabase } from '../support/test-database.ts'

const database = await testDatabase({ max: 1 })

test('a database whose pool is all taken is up', async () => {
  const client = await database.pool.connect()
  try {
    expect(await createDatabaseCheck(database)()).toBe(true)
  } finally {
    client.release()
  }
})

test('a database that nobody reaches is not', async () => {
  const url = 'postgres://nobody@127.0.0.1:1/nothing'
  const away = connectDatabase({ url, applicationName: 'maat' })
  expect(await createDatabaseCheck(away)()).toBe(false)
  await away.close()
})

test('a database that does not answer is not, after a second', async () => {
  expect(await createDatabaseCheck({ ping: () => new Promise(() => {}) })()).toBe(false)
})

test('those who ask at once get one answer', async () => {
  let pings = 0
  const check = createDatabaseCheck({
    ping: async () => {
      pings += 1
    },
  })
  expect(await Promise.all([check(), check(), check()])).toEqual([true, true, true])
  expect(pings).toBe(1)
})
