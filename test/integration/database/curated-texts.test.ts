import { expect, test } from 'vitest'
import { testDatabase } from '../../support/test-database.ts'

const { pool } = await testDatabase()

const insert = `insert into curated_set (id, names, notes, measurements, measured, created_at, updated_at)
  values (gen_random_uuid(), $1, $2, '{}', 0, now(), now())`

test('a curated set has a name in English, and texts alone', async () => {
  await pool.query(insert, ['{"en":"Doll","nl":"Pop"}', '{"nl":"Klein"}'])
  const refused = [
    '{}',
    '{"nl":"Pop"}',
    '{"en":null}',
    '{"en":{"x":1}}',
    '{"en":"Doll","nl":5}',
    '5',
  ]
  for (const names of refused) {
    await expect(pool.query(insert, [names, '{}'])).rejects.toThrow('curated_set_names_check')
  }
  await expect(pool.query(insert, ['{"en":"Doll"}', '{"en":[]}'])).rejects.toThrow(
    'curated_set_notes_check',
  )
})
