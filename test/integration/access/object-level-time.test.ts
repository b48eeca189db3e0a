import { expect, test } from 'vitest'

import { formatId } from '../../../src/ids.ts'
import { ask } from '../../support/act-client.ts'
import { testGateway } from '../../support/gateway.ts'
import { sessionOf } from '../../support/session-principal.ts'

const SAMPLES = 25
/** Noise is within these; a statement more or less is not, where there is one alone. */
const ALIKE = { min: 0.5, max: 2 }

const ASKED = {
  'the key of node': ['query ($id: ID!) { node(id: $id) { id } }', 'key'],
  'the set of node': ['query ($id: ID!) { node(id: $id) { id } }', 'set'],
  measurementSet: ['query ($id: ID!) { measurementSet(id: $id) { id } }', 'set'],
  revokeApiKey: [
    'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { ... on Problem { code } } }',
    'key',
  ],
  updateApiKey: [
    'mutation ($id: ID!) { updateApiKey(input: { id: $id, name: "x" }) { ... on Problem { code } } }',
    'key',
  ],
  updateMeasurementSet: [
    'mutation ($id: ID!) { updateMeasurementSet(input: { id: $id, version: 1, name: "x" }) { ... on Problem { code } } }',
    'set',
  ],
  deleteMeasurementSet: [
    'mutation ($id: ID!) { deleteMeasurementSet(input: { id: $id, dependents: DETACH }) { ... on Problem { code } } }',
    'set',
  ],
  cloneMeasurementSet: [
    'mutation ($id: ID!) { cloneMeasurementSet(input: { of: $id }) { ... on Problem { code } } }',
    'set',
  ],
} as const

const gateway = await testGateway()
const reader = sessionOf(await gateway.account())
const stranger = await gateway.account()
await gateway.issueKey({ accountId: stranger })
const { id: foreignKey } = await gateway.database.kysely
  .selectFrom('api_key')
  .select('id')
  .executeTakeFirstOrThrow()
const foreignSet = foreignKey
const missing = '019a0000-0000-7000-8000-000000000000'
await gateway.database.pool.query(
  "insert into measurement_set (id, account_id, label, label_index, body, created_at, updated_at) values ($1, $2, '', '', '', now(), now())",
  [foreignSet, stranger],
)

test.each(Object.entries(ASKED))(
  'what is another’s takes as long as what is not there: %s',
  async (_what, [document, prefix]) => {
    const times = { foreign: [] as number[], missing: [] as number[] }
    const ids = { foreign: formatId(prefix, foreignKey), missing: formatId(prefix, missing) }
    for (let n = 0; n < SAMPLES; n += 1) {
      for (const kind of ['foreign', 'missing'] as const) {
        const start = performance.now()
        await ask(gateway, document, { principal: reader, variables: { id: ids[kind] } })
        times[kind].push(performance.now() - start)
      }
    }
    const ratio = median(times.foreign) / median(times.missing)
    expect(ratio).toBeGreaterThan(ALIKE.min)
    expect(ratio).toBeLessThan(ALIKE.max)
  },
)

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
}
