import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { schema } from '../../src/schema/schema.ts'
import { PUBLIC_URL, testGateway } from '../support/gateway.ts'
import { EDITS } from './edits.ts'
import { insertCommunity } from './community.ts'
import { checkMatrix, checkMutations, tableBreaches } from './matrix.ts'
import { stateOf } from './state.ts'

test('the table has a row for every field and id of the schema, and for nothing else', () => {
  expect(tableBreaches(schema)).toEqual([])
})

test('every rule that mutants flip stands where they look for it', () => {
  const lost = EDITS.filter(({ file, find }) => {
    const text = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8')
    return text.split(find).length !== 2
  })
  expect(lost).toEqual([])
})

test('every principal gets from a running gateway what the table says, and what is refused changes nothing', async () => {
  const { database, vault, origin } = await testGateway()
  const place = { database, vault, publicUrl: PUBLIC_URL }
  const community = await insertCommunity(place)
  const before = await stateOf(database)
  const asked = await checkMatrix({ schema, origin, community })
  expect(asked.wrong.slice(0, 20)).toEqual([])
  expect(await stateOf(database)).toEqual(before)
  const done = await checkMutations({ schema, origin, community }, place)
  expect(done.wrong).toEqual([])
  const { length: principals } = community.principals
  process.stdout.write(`${asked.cells + done.cells} cells of ${principals} principals\n`)
})
