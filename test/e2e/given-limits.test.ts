import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test, vi } from 'vitest'

import { createKeyFile } from '../../src/vault/key-file.ts'
import { sendRequest } from '../support/http-request.ts'
import { query } from '../support/postgres.ts'
import { startGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testDatabase } from '../support/test-database.ts'
import { untilListening } from '../support/until-listening.ts'

test('a limit that is set elsewhere applies within a second, and is gone as soon as it is lifted', async () => {
  const { url } = await testDatabase()
  const data = await temporaryFolder()
  await createKeyFile(join(data, 'keys.json'))
  const { origin } = await startGateway({ DATABASE_URL: url, MAAT_DATA: data, MAAT_DEMO: '1' })
  const authorization = `Bearer ${(await readFile(join(data, 'demo-key'), 'utf8')).trim()}`
  const policy = async () => {
    const path = '/graphql?query={version}'
    const { headers } = await sendRequest(origin, { path, headers: { authorization } })
    return headers['ratelimit-policy']
  }
  await untilListening(url)
  expect(await policy()).toMatch(/^"burst";q=2000;/)
  await query(
    url,
    `insert into quota_limit (account_id, partition, capacity, restore_per_second)
     select id, 'burst', 3000, 50 from account where username = 'demo'`,
  )
  await within(async () => expect(await policy()).toMatch(/^"burst";q=3000;w=60;/))
  await query(url, 'delete from quota_limit')
  await within(async () => expect(await policy()).toMatch(/^"burst";q=2000;w=20;/))
})

function within(condition: () => Promise<unknown>): Promise<unknown> {
  return vi.waitFor(condition, { timeout: 1_000, interval: 20 })
}
