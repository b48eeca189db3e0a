import { describe, expect, test } from 'vitest'

import { compileOperation } from '../../../src/schema/plan/operation.ts'
import { countRuns } from '../../support/counted-runs.ts'
import { countStatements } from '../../support/counted-statements.ts'
import type { HttpAnswer } from '../../support/http-request.ts'
import { PEOPLE } from '../../support/planned-data.ts'
import { policiesWith } from '../../support/policies.ts'
import { SMALL } from '../../support/small-schema.ts'
import { stoppedCommunity } from '../../support/stopped-community.ts'
import { stoppedGateway, type StoppedGateway } from '../../support/stopped-gateway.ts'

const policies = policiesWith({})

/** The query 1, the list 5, and 1 for each set. */
const LIST_OF_50 = '{ measurementSets(first: 50) { nodes { name } } }'

describe.each(['front', 'yoga'] as const)(
  'a price that is asked for through the %s door',
  async (door) => {
    const { count, compileOperation: compileCounted } = countRuns(compileOperation)
    const gateway = await stoppedCommunity({ door, policies, compileOperation: compileCounted })
    const statements = countStatements(gateway.database.pool)
    const credentials: Readonly<Record<string, string | undefined>> = {
      nobody: undefined,
      ada: await gateway.keyOf('ada'),
      'ada at level 0': await gateway.keyOf('ada', 0),
      'somebody blocked': await keyOf(gateway, { status: 'disabled' }),
      'somebody without consent': await keyOf(gateway, { consent: 'account' }),
      'somebody in a hurry': await keyOf(gateway, { username: 'hurry' }),
      'somebody who has spent his day': await keyOf(gateway, { username: 'spent' }),
    }
    await gateway.draw('burst', await idOf(gateway, 'hurry'), 1990)
    await gateway.draw('day', await idOf(gateway, 'spent'), 199_990)

    test('is told with the verdict, and costs 1 point', async () => {
      const { status, body, headers } = await ask(gateway, LIST_OF_50, credentials['ada'])
      expect(status).toBe(200)
      expect(JSON.parse(body)).toEqual({
        data: null,
        extensions: {
          cost: {
            estimated: 56,
            actual: 0,
            refunded: 0,
            remaining: 1999,
            resetSeconds: 1,
            verdict: 'RUN',
          },
        },
      })
      expect(headers['ratelimit']).toBe('"burst";r=1999;t=1, "day";r=199999;t=43200')
    })

    test.each([
      ['UNAUTHENTICATED', 'nobody', '{ me { id } }', null],
      ['LEVEL_TOO_LOW', 'ada at level 0', LIST_OF_50, null],
      ['ACCOUNT_BLOCKED', 'somebody blocked', LIST_OF_50, null],
      ['CONSENT_REQUIRED', 'somebody without consent', LIST_OF_50, null],
      ['PAGE_SIZE_INVALID', 'ada', '{ measurementSets(first: 101) { totalCount } }', null],
      ['CURSOR_INVALID', 'ada', '{ measurementSets(after: "x") { totalCount } }', null],
      ['INPUT_INVALID', 'ada', `{ nodes(ids: [${'"x",'.repeat(21)}]) { id } }`, null],
      [
        'COST_LIMIT_EXCEEDED',
        'nobody',
        '{ curatedSets(first: 99) { nodes { tags id measurementList { name } } } }',
        303,
      ],
      ['RATE_LIMITED', 'somebody in a hurry', LIST_OF_50, 56],
      ['QUOTA_EXCEEDED', 'somebody who has spent his day', LIST_OF_50, 56],
    ])(
      'names the refusal as its verdict where there is one: %s',
      async (code, who, document, estimated) => {
        const key = credentials[who]
        const before = dayLeft(await gateway.post('{ version }', key))
        const answer = await ask(gateway, document, key)
        expect([answer.status, answer.headers['retry-after']]).toEqual([200, undefined])
        const { data, errors, extensions } = JSON.parse(answer.body)
        expect([data, errors]).toEqual([null, undefined])
        expect(extensions.cost).toMatchObject({ estimated, actual: 0, refunded: 0, verdict: code })
        expect(extensions.refusal).toMatchObject({ code, message: expect.any(String) })
        expect(before - dayLeft(answer)).toBe(1)
      },
    )

    test('carries all that the refusal itself would say', async () => {
      const key = credentials['somebody in a hurry']
      const { body } = await ask(gateway, LIST_OF_50, key)
      const asked = JSON.parse(body).extensions.refusal
      const [refused] = JSON.parse((await gateway.post(LIST_OF_50, key)).body).errors
      expect(asked).toEqual({ message: refused.message, ...refused.extensions })
    })

    test('runs nothing', async () => {
      await gateway.post(LIST_OF_50, credentials['ada'])
      const before = { runs: count.runs, statements: statements.sent }
      await ask(gateway, LIST_OF_50, credentials['ada'])
      expect({ runs: count.runs, statements: statements.sent }).toEqual(before)
    })

    test.each([
      ['DOCUMENT_INVALID', '{ me {'],
      ['DOCUMENT_INVALID', '{ nothing }'],
      ['VARIABLE_INVALID', 'query($n: Int!) { curatedSets(first: $n) { totalCount } }'],
      ['OPERATION_UNKNOWN', 'query A { version } query B { version }'],
    ])('is refused as ever for what has none: %s', async (code, document) => {
      const { status, body } = await ask(gateway, document, credentials['ada'])
      const { errors, extensions } = JSON.parse(body)
      expect([status, errors[0].extensions.code]).toEqual([400, code])
      expect(Object.keys(extensions.cost)).not.toContain('verdict')
    })

    test.each(['maybe', 'report, validate', '', 'Validate'])(
      'and nothing else is: "%s" is no word for it',
      async (word) => {
        const { status, body } = await ask(gateway, '{ version }', credentials['ada'], word)
        expect([status, JSON.parse(body).errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST'])
      },
    )
  },
)

test('the price of a mutation is told as that of a query is, and it does not run', async () => {
  const { count, compileOperation: compileCounted } = countRuns(SMALL.compileOperation)
  const gateway = await stoppedGateway({
    policies,
    schema: SMALL.schema,
    compileOperation: compileCounted,
  })
  const document = 'mutation { rename(name: "x") }'
  const { body } = await ask(gateway, document, undefined)
  expect(JSON.parse(body)).toMatchObject({ data: null, extensions: { cost: { verdict: 'RUN' } } })
  expect(count.runs).toBe(0)
  await gateway.post(document)
  expect(count.runs).toBe(1)
})

test('who can not pay for the question is not told the price', async () => {
  const gateway = await stoppedCommunity({ policies })
  const key = await gateway.keyOf('ada')
  await gateway.draw('burst', PEOPLE.ada, 2000)
  const { status, headers, body } = await ask(gateway, LIST_OF_50, key)
  expect([status, headers['retry-after']]).toEqual([429, '1'])
  expect(JSON.parse(body).errors[0].extensions).toMatchObject({
    code: 'RATE_LIMITED',
    remaining: 0,
  })
})

function ask(
  gateway: StoppedGateway,
  document: string,
  key: string | undefined,
  word = 'validate',
) {
  return gateway.send({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      'graphql-cost': word,
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ query: document }),
  })
}

async function keyOf(gateway: StoppedGateway, account: Parameters<StoppedGateway['account']>[0]) {
  return gateway.issueKey({ accountId: await gateway.account(account) })
}

async function idOf({ database }: StoppedGateway, username: string): Promise<string> {
  const { rows } = await database.pool.query('select id from account where username = $1', [
    username,
  ])
  return rows[0].id
}

function dayLeft({ headers }: HttpAnswer): number {
  const [, remaining] = /day";r=(\d+)/.exec(String(headers['ratelimit'])) ?? []
  return Number(remaining)
}
