import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { connectDatabase } from '../../src/database/connect.ts'
import { compileOperation } from '../../src/schema/plan/operation.ts'
import type { PlanRequest, Progress } from '../../src/schema/plan/plan.ts'
import { schema } from '../../src/schema/schema.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { createVault } from '../../src/vault/vault.ts'
import { plannedCommunity } from '../support/planned-community.ts'
import { keyOf } from '../support/planned-request.ts'
import { RATE_LIMIT } from '../support/rate-limit.ts'
import { emptyDatabase } from '../support/test-database.ts'
import { whenDone } from '../support/when-done.ts'

const { database, vault } = await plannedCommunity()
const ada = keyOf('ada')
const SETS = '{ measurementSets { nodes { name } } }'

/** How far the operation came, and why it went no further. */
async function run(
  text: string,
  over: Partial<PlanRequest> = {},
): Promise<{ readonly progress: Omit<Progress, 'databaseUs'>; readonly error: unknown }> {
  const progress: Progress = { stage: 'waiting', counts: null, databaseUs: 0 }
  const request = { principal: ada, variables: {}, database, vault, rateLimit: RATE_LIMIT }
  const plan = compileOperation(schema, parse(text)).plan(ada.standing, {})
  const error = await plan.run({ ...request, progress, ...over }).then(
    () => null,
    (reason: unknown) => reason,
  )
  const { stage, counts } = progress
  return { progress: { stage, counts }, error }
}

test('a plan that has answered is finished, with the counts of its answer', async () => {
  expect(await run(SETS)).toEqual({ progress: { stage: 'finished', counts: [3] }, error: null })
})

test('a plan is finished once its row is here, though the answer can not be opened', async () => {
  const { progress, error } = await run(SETS, { vault: createVault(createKeyRing()) })
  expect(error).toBeInstanceOf(Error)
  expect(progress).toEqual({ stage: 'finished', counts: [3] })
})

test('a plan without a statement is finished before anything is written', async () => {
  const { progress, error } = await run('{ rateLimit { cost } }', {
    rateLimit: {
      ...RATE_LIMIT,
      get cost(): number {
        throw new Error('Nobody knows.')
      },
    },
  })
  expect(error).toEqual(new Error('Nobody knows.'))
  expect(progress).toEqual({ stage: 'finished', counts: [] })
})

test('a plan whose statement fails on the server was sent, and has no counts', async () => {
  const bare = connectDatabase({ url: await emptyDatabase(), applicationName: 'maat' })
  whenDone(bare.close)
  const { progress, error } = await run(SETS, { database: bare })
  expect(String(error)).toContain('measurement_set')
  expect(progress).toEqual({ stage: 'sent', counts: null })
})

test('a plan whose client left before its statement was sent has not begun', async () => {
  const { progress, error } = await run(SETS, { signal: AbortSignal.abort() })
  expect(String(error)).toContain('abort')
  expect(progress).toEqual({ stage: 'waiting', counts: null })
})
