import { expect, test } from 'vitest'

import { chargedPoints, countedPoints } from '../../support/counted-points.ts'
import type { TestAnswer } from '../../support/gateway.ts'
import { paidGateway, SETS } from '../../support/paid-gateway.ts'
import { PEOPLE } from '../../support/planned-data.ts'
import { policiesWith } from '../../support/policies.ts'
import { costOf } from '../../support/told-cost.ts'

/** Of each kind: what finds all, little, nothing; what asks the schema; what is refused on the way, and at the end. */
const DOCUMENTS = [
  SETS,
  '{ measurementSets { totalCount nodes { baseSet { patterns { nodes { id } } } } } }',
  '{ patterns(last: 5) { edges { node { settings measurementSet { owner { username } } } } } }',
  '{ node(id: "set_1") { id } }',
  '{ __schema { types { name } } }',
  '{ version rateLimit { remaining } }',
  '{ curatedSets(first: 0) { totalCount } }',
  '{ curatedSets(first: 100) { nodes { measurementList { value } } } }',
  '{ nothing }',
  '{ accounts { totalCount } }',
]

test.each([
  ['from leases', 1_000_000],
  ['one by one', 3_000],
])('the store has been charged what all answers said, drawn %s', async (_how, capacity) => {
  const burst = { capacity, restorePerSecond: 1_000 }
  const gateway = await paidGateway({ policies: policiesWith({ burst, 'in-flight': 1_000 }) })
  const clients = [
    gateway.key,
    await gateway.issueKey({ accountId: PEOPLE.ada, level: 1 }),
    await gateway.issueKey({ accountId: PEOPLE.ben }),
    undefined,
  ]
  const answers: TestAnswer[] = []
  for (const document of [...DOCUMENTS, ...DOCUMENTS]) {
    // As many at once as the database has connections for: on a slow machine more would wait too long for one.
    const sent = [...clients, ...clients].map((key) => gateway.post(document, key))
    // oxlint-disable-next-line no-await-in-loop
    answers.push(...(await Promise.all(sent)))
  }
  const told = answers.reduce((sum, answer) => sum + costOf(answer).actual, 0)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400, 401, 403, 422]))
  expect(told).toBeGreaterThan(100)
  expect(await chargedPoints(gateway)).toBe(told)
  expect((await countedPoints(gateway))?.forfeited).toBe(0)
})

test('a refusal costs no points', async () => {
  const gateway = await paidGateway()
  const refused = DOCUMENTS.slice(-4).filter((document) => !document.includes('measurementList'))
  const answers = await Promise.all(refused.map((document) => gateway.post(document, gateway.key)))
  expect(answers.map(({ status }) => status)).toEqual([422, 400, 403])
  expect(await countedPoints(gateway)).toBe(null)
})
