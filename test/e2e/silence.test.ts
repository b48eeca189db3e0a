import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { v7 } from 'uuid'
import { expect, test, vi } from 'vitest'

import { connectDatabase, type Database } from '../../src/database/connect.ts'
import { launchPostgres } from '../../src/database/embedded/launch.ts'
import { measuredBits } from '../../src/measurements/definitions.ts'
import { openVault } from '../../src/vault/key-file.ts'
import { sealRow } from '../../src/vault/seal-row.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { query } from '../support/postgres.ts'
import { sendRequest } from '../support/http-request.ts'
import { startGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { whenDone } from '../support/when-done.ts'
import { PATIENTLY } from '../support/patiently.ts'

test('no log holds a key, an address, a name or a measurement, however much is logged and whatever fails', async () => {
  const data = await temporaryFolder()
  const { origin, child, end } = await startGateway({ MAAT_DATA: data, LOG_LEVEL: 'trace' })
  // The start shows the demo key to whoever started it; from here on nobody is shown anything.
  let written = ''
  child.stdout?.on('data', (chunk: Buffer) => (written += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (written += chunk.toString()))
  const key = (await readFile(join(data, 'demo-key'), 'utf8')).trim()
  const ask = (document: string, variables: object = {}) =>
    sendRequest(origin, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: document, variables }),
    })

  const server = await launchPostgres({ data })
  whenDone(server.close)
  const database = connectDatabase({ url: server.url, applicationName: 'maat' })
  whenDone(database.close)
  await measureOnce(database, await openVault(database, join(data, 'keys.json')))
  const { me } = JSON.parse((await ask(OWN_ROWS)).body).data
  expect(me.measurementSets.nodes).toContainEqual({ name: NAME, measurements: { chest: CHEST } })
  const names = me.measurementSets.nodes.map((set: { name: string }) => set.name)
  const secrets = [key, me.email, ...names, String(CHEST), VARIABLE]

  // Whole in form, and sealed by nobody.
  await query(server.url, `update measurement_set set body = reverse(body)`)
  expect((await ask(OWN_ROWS)).status).toBe(500)
  await ask('query ($id: ID!) { node(id: $id) { id } }', { id: VARIABLE })
  await ask('query { curatedSets(first: -1) { nodes { id } } }')
  await ask(`{ me(id: "${VARIABLE}") }`)
  await sendRequest(origin, { path: `/graphql?key=${key}` })
  await query(server.url, 'alter table measurement_set rename to elsewhere')
  expect((await ask(OWN_ROWS)).status).toBeGreaterThanOrEqual(500)
  await vi.waitFor(() => expect(written).toContain('A request failed.'), PATIENTLY)
  expect(await end('SIGTERM')).toBe(0)

  const logged = written + (await readFile(join(data, 'postgres/postgres.log'), 'utf8'))
  expect(secrets.filter((secret) => logged.includes(secret))).toEqual([])
})

const OWN_ROWS = '{ me { email measurementSets(first: 50) { nodes { name measurements } } } }'

const VARIABLE = 'canary of a variable'
const NAME = 'canary of a name'
const CHEST = 987.654321

/** A set of the demo account with values that no log holds by chance. */
async function measureOnce({ kysely }: Database, vault: Vault): Promise<void> {
  const id = v7()
  const owner = await kysely
    .selectFrom('account')
    .select('id')
    .where('username', '=', 'demo')
    .executeTakeFirstOrThrow()
  const values = { name: NAME, measurements: { chest: CHEST } }
  await kysely
    .insertInto('measurement_set')
    .values({
      id,
      account_id: owner.id,
      ...sealRow(vault, 'measurement_set', { row: id, owner: owner.id }, values),
      measured: measuredBits(values.measurements),
      created_at: new Date(),
      updated_at: new Date(),
    })
    .execute()
}
