import { describe, expect, test } from 'vitest'

import { type ErrorCode, ERRORS } from '../../../src/errors.ts'
import { isWellFormedRefusal } from '../../../src/gateway/answer.ts'
import type { HttpAnswer } from '../../support/http-request.ts'
import { policiesWith } from '../../support/policies.ts'
import { REFUSED } from '../../support/refused-requests.ts'
import { refusingGateway } from '../../support/refusing-gateway.ts'
import { SMALL } from '../../support/small-schema.ts'
import { stoppedGateway } from '../../support/stopped-gateway.ts'

const MEDIA_TYPES = ['application/graphql-response+json', 'application/json'] as const
const DOORS = ['front', 'yoga'] as const

/** @see https://www.rfc-editor.org/rfc/rfc9651 */
const POLICIES = listOf(String.raw`"[a-z-]+";q=\d+(;w=\d+)?;maat-unit="(points|attempts)"`)
const LEVELS = listOf(String.raw`"[a-z-]+";r=\d+;t=\d+`)

const gateways = await Promise.all(DOORS.map(refusingGateway))

describe.each(MEDIA_TYPES)('as %s a refusal has its status, the budgets and the cost', (accept) => {
  test.each(Object.entries(REFUSED))('for %s, through each door', async (_what, refused) => {
    const { code, estimated = null } = refused
    const isFine = accept === 'application/json' && isWellFormedRefusal(code)
    const status = isFine ? 200 : refused.status
    const answers: HttpAnswer[] = []
    for (const gateway of gateways) {
      for (const request of gateway.requestsOf(refused)) {
        const headers = { accept, 'x-request-id': 'the-same', ...request.headers }
        // Not at once: each draws on the attempts of the same client.
        // oxlint-disable-next-line no-await-in-loop
        answers.push(await gateway.send({ ...request, headers }))
      }
    }
    for (const { status: answered, headers, body } of answers) {
      const { data, errors, extensions } = JSON.parse(body)
      expect([answered, errors[0].extensions.code, data]).toEqual([status, code, undefined])
      expect(headers['content-type']).toBe(`${accept}; charset=utf-8`)
      expect(headers['ratelimit-policy']).toMatch(POLICIES)
      expect(headers['ratelimit']).toMatch(LEVELS)
      expect(extensions).toEqual({
        cost: {
          estimated,
          actual: 0,
          refunded: 0,
          remaining: expect.any(Number),
          resetSeconds: expect.any(Number),
        },
      })
      expect(headers['retry-after'] !== undefined).toBe(status === 429)
    }
    const [first, ...others] = answers.map(withoutAttempts)
    expect(others).toEqual(others.map(() => first))
  })
})

test.each(DOORS)(
  'a client that accepts none of our media types is told so in JSON, with the budgets and the cost: %s door',
  async (door) => {
    const gateway = gateways[DOORS.indexOf(door)]
    const path = '/graphql?query={version}'
    const answer = await gateway?.send({ path, headers: { accept: 'text/event-stream' } })
    expect(answer).toMatchObject({
      status: 406,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ratelimit: expect.stringMatching(LEVELS),
        'ratelimit-policy': expect.stringMatching(POLICIES),
      },
    })
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'NOT_ACCEPTABLE' } }],
      extensions: { cost: { estimated: null, actual: 0 } },
    })
  },
)

describe.each(DOORS)('what fails inside says what it cost, through the %s door', async (door) => {
  const gateway = await stoppedGateway({ ...SMALL, door, policies: policiesWith({}) })

  test.each([
    ['INTERNAL', 500, undefined, '{ defect }'],
    ['UNAVAILABLE', 503, '1', '{ outage }'],
    ['ANSWER_TOO_LARGE', 422, undefined, '{ large }'],
  ])('%s', async (code, status, wait, document) => {
    const answer = await gateway.post(document)
    expect([answer.status, answer.codes, answer.headers['retry-after']]).toEqual([
      status,
      [code],
      wait,
    ])
    expect(answer.headers['ratelimit']).toMatch(LEVELS)
    // Each of them had run: the query itself costs 1.
    expect(JSON.parse(answer.body).extensions.cost).toMatchObject({ estimated: 1, actual: 1 })
  })
})

test('a database that is gone leaves nothing to be told of points', async () => {
  const gateway = await stoppedGateway({ policies: policiesWith({}) })
  await gateway.database.close()
  const { status, headers, body } = await gateway.post('{ version }')
  expect([status, headers['retry-after']]).toEqual([503, '1'])
  expect(headers['ratelimit']).toMatch(/^"attempts";r=\d+;t=\d+$/)
  expect(JSON.parse(body).extensions.cost).toEqual({
    estimated: 1,
    actual: 0,
    refunded: 0,
    remaining: null,
    resetSeconds: null,
  })
})

test('a client of whom nothing is known yet is told of its attempts alone', async () => {
  const gateway = await stoppedGateway({
    policies: policiesWith({ attempts: { capacity: 1000, restorePerSecond: 1 } }),
  })
  const { headers, body } = await gateway.post('{ nothing }')
  // The refusal 1, the document 1, and 0.05 for its tokens, start and end among them.
  expect(headers['ratelimit']).toBe('"attempts";r=997;t=3')
  expect(JSON.parse(body).extensions.cost).toEqual({
    estimated: null,
    actual: 0,
    refunded: 0,
    remaining: null,
    resetSeconds: null,
  })
})

test('every code is refused with here, but for those that no request brings about', () => {
  const seen = new Set<string>([
    ...Object.values(REFUSED).map(({ code }) => code),
    'NOT_ACCEPTABLE',
    'INTERNAL',
    'UNAVAILABLE',
    'ANSWER_TOO_LARGE',
  ])
  const unseen = Object.keys(ERRORS).filter((code) => !seen.has(code))
  expect(new Set(unseen)).toEqual(ELSEWHERE)
})

/** One needs a key that is bound to another place; two need a server under strain. */
const ELSEWHERE: ReadonlySet<string> = new Set<ErrorCode>([
  'KEY_RESTRICTED',
  'OVERLOADED',
  'DB_TIME_EXCEEDED',
])

function listOf(member: string): RegExp {
  return new RegExp(`^${member}(, ${member})*$`)
}

/** An answer without what tells its time, and without the attempts that the one before it has drawn. */
function withoutAttempts({ status, headers, body }: HttpAnswer) {
  const { date: _date, ratelimit, ...fields } = headers
  return { status, fields, ratelimit: String(ratelimit).replace(/, "attempts".*/, ''), body }
}
