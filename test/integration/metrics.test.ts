import { describe, expect, test } from 'vitest'

import { ERRORS } from '../../src/errors.ts'
import { METRICS_TOKEN, testGateway } from '../support/gateway.ts'

const PROXIED = { 'x-forwarded-for': '203.0.113.7' }
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** Name -> value, of the samples without labels; `name{labels}` -> value of the others. */
function samplesOf(body: string): ReadonlyMap<string, number> {
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))] as const
    }),
  )
}

describe('/metrics', () => {
  test('counts operations, refusals by their code, and points, and says how things are', async () => {
    const gateway = await testGateway()
    const key = await gateway.issueKey()
    await gateway.post('{ me { id } }', key)
    await gateway.post('{ measurementSets(first: 20) { nodes { id } } }', key)
    await gateway.post('{ me { id } }', 'maat_sk_nobody')
    await gateway.post('{ nonsense }', key)
    const { status, headers, body } = await gateway.send({ path: '/metrics' })
    expect([status, headers['content-type']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ])
    const samples = samplesOf(body)
    const told = Object.fromEntries(
      [...samples].filter(([name]) => /^maat_[a-z_]+(\{(code|state)="\w+"\})?$/.test(name)),
    )
    expect(told).toMatchObject({
      maat_operations_total: 4,
      'maat_refusals_total{code="UNAUTHENTICATED"}': 1,
      'maat_refusals_total{code="DOCUMENT_INVALID"}': 1,
      'maat_refusals_total{code="RATE_LIMITED"}': 0,
      maat_points_estimated_total: 3 + 26,
      maat_points_total: 3 + 6,
      maat_looseness_count: 2,
      maat_database_seconds_count: 2,
      maat_operation_seconds_count: 4,
      maat_price_violations_total: 0,
      maat_operations_in_flight: 0,
      maat_gateways: 1,
      maat_leases: 1,
      maat_quota_store_up: 1,
      maat_meter_waiting_records: 0,
      'maat_pool_connections{state="waiting"}': 0,
    })
    expect(samples.get('maat_looseness_bucket{le="1"}')).toBe(1)
    expect(samples.get('maat_looseness_bucket{le="5"}')).toBe(2)
    expect(samples.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
  })

  test('counts what runs while it runs', async () => {
    const { demand, send } = await testGateway()
    demand.inFlight.enter('somebody', 1)
    const { body } = await send({ path: '/metrics' })
    expect(samplesOf(body).get('maat_operations_in_flight')).toBe(1)
  })

  test('says nothing of whom it counts: every label is one of a list', async () => {
    const gateway = await testGateway()
    const accountId = await gateway.account({ username: 'Ada-Curie-Maker' })
    const key = await gateway.issueKey({ accountId })
    await gateway.post('query CanaryName { me { id } }', key)
    await gateway.send({
      path: '/graphql?query={me{id}}',
      headers: { 'x-request-id': 'canary-id' },
    })
    const { body } = await gateway.send({ path: '/metrics' })
    for (const text of [accountId, 'Ada', 'CanaryName', 'canary-id', key, '127.0.0.1']) {
      expect(body).not.toContain(text)
    }
    const labels = [...body.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name, value]) => ({
      name,
      value,
    }))
    const lists: Readonly<Record<string, (value: string) => boolean>> = {
      code: (value) => Object.hasOwn(ERRORS, value),
      state: (value) => ['busy', 'idle', 'waiting'].includes(value),
      le: (value) => value === '+Inf' || Number(value) >= 0,
      version: (value) => value === process.version,
      major: (value) => /^\d+$/.test(value),
      minor: (value) => /^\d+$/.test(value),
      patch: (value) => /^\d+$/.test(value),
      // What Node calls its own.
      type: (value) => /^[A-Za-z]+$/.test(value),
      space: (value) => /^[a-z_]+$/.test(value),
      kind: (value) => /^[a-z]+$/.test(value),
    }
    expect(labels.filter(({ name = '', value = '' }) => lists[name]?.(value) !== true)).toEqual([])
    expect(labels.length).toBeGreaterThan(20)
  })

  test.each<[string, Readonly<Record<string, string>>, number]>([
    ['a process of this machine', {}, 200],
    ['a proxy of this machine', PROXIED, 404],
    ['a proxy that says it otherwise', { forwarded: 'for=203.0.113.7' }, 404],
    ['a proxy that says who it is', { via: '1.1 proxy' }, 404],
    ['a proxy that passes a name on', { host: 'maat.example' }, 404],
    ['a page of another origin', { origin: 'https://evil.example' }, 404],
    ['a proxy with the token', { ...PROXIED, ...bearer(METRICS_TOKEN) }, 200],
    ['a proxy with another token', { ...PROXIED, ...bearer(`${METRICS_TOKEN}x`) }, 404],
    [
      'a proxy with the token as Basic',
      { ...PROXIED, authorization: `Basic ${METRICS_TOKEN}` },
      404,
    ],
  ])('answers %s', async (_who, headers, status) => {
    const gateway = await testGateway()
    const answered = await gateway.send({ path: '/metrics', headers })
    expect(answered.status).toBe(status)
    if (status === 200) return
    const unknown = await gateway.send({ path: '/nowhere', headers })
    expect(JSON.parse(answered.body).errors).toEqual(JSON.parse(unknown.body).errors)
  })

  test.each(['POST', 'OPTIONS', 'DELETE', 'HEAD'])('is not given away by %s', async (method) => {
    const gateway = await testGateway()
    const [hidden, unknown] = await Promise.all(
      ['/metrics', '/nowhere'].map((path) => gateway.send({ path, method, headers: PROXIED })),
    )
    expect([hidden?.status, hidden?.headers['allow']]).toEqual([
      unknown?.status,
      unknown?.headers['allow'],
    ])
  })

  test('answers while the database is away, and costs nobody anything', async () => {
    const gateway = await testGateway({ reconciles: false })
    await gateway.database.close()
    const { status, headers } = await gateway.send({ path: '/metrics' })
    expect(status).toBe(200)
    expect(headers['ratelimit']).toBeUndefined()
  })
})
