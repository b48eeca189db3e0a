import { describe, expect, test } from 'vitest'

import { forgottenByAccountTables } from '../../support/account-catalogue.ts'
import { testDatabase } from '../../support/test-database.ts'

describe('the account tables', () => {
  test('know every table and column of the database, and how rows belong to accounts', async () => {
    expect(await forgottenByAccountTables(await testDatabase())).toEqual([])
  })

  test.each([
    [
      'a table with rows of accounts',
      'create table wish (id uuid, account_id uuid references account on delete cascade)',
      ['wish.id is unknown.', 'wish.account_id is unknown.'],
    ],
    [
      'a table with what belongs to rows of accounts',
      'create table wish (pattern_id uuid references pattern)',
      ['wish.pattern_id is unknown.'],
    ],
    ['a new column', 'alter table api_key add nickname text', ['api_key.nickname is unknown.']],
    [
      'a new tie to accounts, without a foreign key too',
      'alter table bookmark add curator_id uuid',
      ['bookmark.curator_id is unknown.', 'bookmark.curator_id ties rows to an account.'],
    ],
    [
      'an account in a table that had none',
      'alter table job add asked_by uuid references account',
      ['job has rows of accounts.'],
    ],
  ])('are told of %s', async (_what, change, told) => {
    const database = await testDatabase()
    await database.pool.query(change)
    expect(await forgottenByAccountTables(database)).toEqual(told)
  })
})
