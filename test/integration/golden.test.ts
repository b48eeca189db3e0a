import { readdirSync, readFileSync } from 'node:fs'
import { parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { compileOperation } from '../../src/schema/plan/operation.ts'
import { schema } from '../../src/schema/schema.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { createVault } from '../../src/vault/vault.ts'
import { countStatements } from '../support/counted-statements.ts'
import { coercedFor, principalNamed } from '../support/planned-request.ts'
import { insertPeople } from '../support/planned-data.ts'
import { RATE_LIMIT } from '../support/rate-limit.ts'
import { testDatabase } from '../support/test-database.ts'

// One file per kind of operation. Its first lines say who asks (`# as: ada 2`: ada's key of level 2) and with which
// variables (`# variables: {…}`); beside it stand the answer and the statement that PostgreSQL got.
const FOLDER = new URL('golden/', import.meta.url)
const vault = createVault(createKeyRing())
const database = await testDatabase()
const statements = countStatements(database.pool)
await insertPeople(database, vault)

const cases = readdirSync(FOLDER).filter((name) => name.endsWith('.graphql'))

test.each(cases)('%s becomes one statement, and its answer', async (file) => {
  const text = readFileSync(new URL(file, FOLDER), 'utf8')
  const document = parse(text)
  expect(validate(schema, document)).toEqual([])
  const principal = principalNamed(/^# as: (.*)$/m.exec(text)?.[1] ?? 'anonymous')
  const variables = coercedFor(document, JSON.parse(/^# variables: (.*)$/m.exec(text)?.[1] ?? '{}'))
  const plan = compileOperation(schema, document).plan(principal.standing, variables)
  const before = statements.sent
  const { data, counts } = await plan.run({
    principal,
    variables,
    database,
    vault,
    rateLimit: RATE_LIMIT,
  })
  expect(statements.sent - before).toBe(plan.statement === null ? 0 : 1)
  const counted = Object.fromEntries(plan.counted.map((label, i) => [label, counts[i]]))
  const answer = JSON.stringify({ data: JSON.parse(data), counted }, null, 2)
  const name = `golden/${file.replace(/\.graphql$/, '')}.golden`
  await expect(`${answer}\n`).toMatchFileSnapshot(`${name}.json`)
  await expect(`${plan.statement ?? '-- nothing is read'}\n`).toMatchFileSnapshot(`${name}.sql`)
})
