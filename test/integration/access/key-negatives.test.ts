import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { formatKey } from '../../../src/auth/api-key.ts'
import { cookieNames } from '../../../src/auth/session-cookies.ts'
import { REVOCATIONS } from '../../../src/auth/revocations.ts'
import { PUBLIC_URL, testGateway } from '../../support/gateway.ts'
import { insertSession } from '../../support/session.ts'

const gateway = await testGateway()
const { database, send } = gateway
const accountId = await gateway.account()
const good = await gateway.issueKey({ accountId, level: 4 })

/** The key's id as clients see it. */
async function idOf(secret: string): Promise<string> {
  const { rows } = await database.pool.query('select slug from api_key where digest = $1', [
    gateway.vault.pepper.digest(secret),
  ])
  return `key_${rows[0].slug}`
}

/** A key of which the row says this. */
async function keyWith(assignments: string): Promise<string> {
  const secret = await gateway.issueKey({ accountId, level: 4 })
  await database.pool.query(`update api_key set ${assignments} where digest = $1`, [
    gateway.vault.pepper.digest(secret),
  ])
  return secret
}

interface Presented {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Behind /graphql. */
  readonly query?: string
}

async function refusal({ headers = {}, query = '' }: Presented) {
  const { status, body } = await send({
    method: 'POST',
    path: `/graphql${query}`,
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...headers,
    },
    body: JSON.stringify({ query: '{ version }' }),
  })
  const { data, errors } = JSON.parse(body)
  return { status, data, body, ...errors?.[0].extensions }
}

const bearer = (key: string): Presented => ({ headers: { authorization: `Bearer ${key}` } })
const basic = (id: string, key: string): Presented => ({
  headers: { authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}` },
})
/** Another character of the same alphabet in this place. */
const changedAt = (key: string, place: number) =>
  `${key.slice(0, place)}${key[place] === 'a' ? 'b' : 'a'}${key.slice(place + 1)}`

const MALFORMED: Readonly<Record<string, Presented>> = {
  'no key at all': { headers: { authorization: 'Bearer' } },
  'an empty key': { headers: { authorization: 'Bearer ' } },
  'some word': bearer('secret'),
  'the prefix alone': bearer('maat_sk_'),
  'another prefix': bearer(good.replace('maat_sk_', 'maat_pk_')),
  'a digit too few': bearer(good.slice(0, -1)),
  'a digit too many': bearer(`${good}0`),
  'a character of no key': bearer(`${good.slice(0, 20)}-${good.slice(21)}`),
  'a wrong checksum': bearer(changedAt(good, good.length - 1)),
  'a secret that was changed': bearer(changedAt(good, 12)),
  'upper case': bearer(good.toUpperCase()),
  'a key that nobody was given': bearer(formatKey(randomBytes)),
  'quotes around it': bearer(`"${good}"`),
  'another scheme': { headers: { authorization: `Token ${good}` } },
  'no scheme': { headers: { authorization: good } },
  'two keys in one header': bearer(`${good}, Bearer ${good}`),
  'two headers of the same key': {
    headers: { authorization: [`Bearer ${good}`, `Bearer ${good}`] },
  },
  'Basic with an id that is none': basic('ada', good),
  'Basic without an id': basic('', good),
  'Basic without a key': basic(await idOf(good), ''),
  'Basic with the id of another own key': basic(
    await idOf(await gateway.issueKey({ accountId })),
    good,
  ),
  'Basic with the id of a stranger’s key': basic(await idOf(await gateway.issueKey()), good),
  'Basic that is no base64': { headers: { authorization: 'Basic ***' } },
}

describe('a key is refused with one and the same answer: for', () => {
  test.each(Object.entries(MALFORMED))('%s', async (_what, presented) => {
    const anyGuess = await refusal(bearer(formatKey(randomBytes)))
    const refused = await refusal(presented)
    expect(refused).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', data: undefined })
    expect(refused.body).toBe(anyGuess.body)
  })
})

describe('a key whose secret is right is told why it is refused:', () => {
  test('it has expired, this very second', async () => {
    const key = await keyWith("expires_at = now() - interval '1 millisecond'")
    expect(await refusal(bearer(key))).toMatchObject({ status: 401, code: 'KEY_EXPIRED' })
  })

  test('its grace period is over', async () => {
    const key = await keyWith(
      "expires_at = now() - interval '1 millisecond', replaced_by_id = (select id from api_key limit 1)",
    )
    expect(await refusal(bearer(key))).toMatchObject({ status: 401, code: 'KEY_EXPIRED' })
  })

  test.each(Object.keys(REVOCATIONS))('it was revoked: %s', async (reason) => {
    const key = await keyWith(`revoked_at = now(), revocation_reason = '${reason}'`)
    expect(await refusal(bearer(key))).toMatchObject({
      status: 401,
      code: 'KEY_REVOKED',
      reason: reason.toUpperCase(),
    })
    expect(await refusal(basic(await idOf(good), key))).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  test('it was revoked and has expired since', async () => {
    const key = await keyWith(
      "revoked_at = now(), revocation_reason = 'abuse', expires_at = now() - interval '1 day'",
    )
    expect(await refusal(bearer(key))).toMatchObject({ code: 'KEY_REVOKED', reason: 'ABUSE' })
  })
})

describe('a good key is refused', () => {
  test('beside the cookie of a session, good or not', async () => {
    const { token } = await insertSession(gateway, { account_id: accountId })
    const { access } = cookieNames(PUBLIC_URL)
    for (const value of [token, 'x', '']) {
      const cookie = `${access}=${value}`
      const both = { headers: { authorization: `Bearer ${good}`, cookie } }
      expect(await refusal(both)).toMatchObject({ status: 400, code: 'CREDENTIALS_CONFLICT' })
    }
  })

  test.each(['?key=', '?access_token=', '?query={version}&x=', '?'])(
    'in a URL, behind %s',
    async (query) => {
      const inUrl = await refusal({ query: `${query}${good}` })
      expect(inUrl).toMatchObject({ status: 400, code: 'KEY_IN_URL' })
      expect(inUrl.body).not.toContain(good)
      expect(await refusal({ ...bearer(good), query: `${query}${good}` })).toMatchObject({
        code: 'KEY_IN_URL',
      })
    },
  )
})

test('the key that all of these are made from works, as Bearer and as Basic', async () => {
  expect(await refusal(bearer(good))).toMatchObject({ status: 200 })
  expect(await refusal(basic(await idOf(good), good))).toMatchObject({ status: 200 })
})
