import { rm } from 'node:fs/promises'

import { expect, onTestFinished, test } from 'vitest'

import { readConfig } from '../../src/config.ts'
import { DESIGNS } from '../../src/database/designs.ts'
import { type OpenDatabase, openDatabase } from '../../src/database/open.ts'
import { storeDesigns } from '../../src/database/store-designs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

async function dataFolder(): Promise<string> {
  const data = await temporaryFolder()
  onTestFinished(() => rm(data, { recursive: true, maxRetries: 5 }))
  return data
}

/** How many designs a gateway finds that starts on this folder, which then runs `leave` and stops. */
async function designsAtStart(
  data: string,
  leave: (database: OpenDatabase) => Promise<unknown>,
): Promise<number> {
  const database = await openDatabase(readConfig({ MAAT_DATA: data }), { applicationName: 'maat' })
  try {
    const designs = await database.kysely.selectFrom('design').select('code').execute()
    await leave(database)
    return designs.length
  } finally {
    await database.close()
  }
}

async function clear({ kysely }: OpenDatabase): Promise<void> {
  await storeDesigns(kysely, [])
}

test('the embedded database gets the designs of the release at every start, but not from an older one', async () => {
  const data = await dataFolder()
  expect(await designsAtStart(data, clear)).toBe(DESIGNS.length)
  expect(
    await designsAtStart(data, async (database) => {
      await clear(database)
      await database.pool.query(`insert into kysely_migration values ('9999_new', '2030')`)
    }),
  ).toBe(DESIGNS.length)
  expect(await designsAtStart(data, clear)).toBe(0)
})
