import { expect, test } from 'vitest'

import { runStatement } from '../../../src/database/run-statement.ts'
import { testDatabase } from '../../support/test-database.ts'

const database = await testDatabase()

test('the one row comes back as an array, in the order of its columns', async () => {
  const statement = { text: 'select $1::int as a, $2::text as a', values: [1, 'two'] }
  expect(await runStatement(database, statement)).toEqual([1, 'two'])
})
