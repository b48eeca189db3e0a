import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { v7 } from 'uuid'

import { formatId } from '../../../src/ids.ts'
import type { UsageRecord } from '../../../src/metering/usage-record.ts'
import { createPolicies } from '../../../src/quota/policies.ts'
import { POLICY_ROWS } from '../../../src/quota/policy-rows.ts'
import { PUBLIC_URL, testGateway, type TestGatewayOptions } from '../../support/gateway.ts'
import { signedIn } from '../../support/signed-in.ts'
import { usageRecord } from '../../support/usage-records.ts'

const COLUMNS =
  'time,key,operation,estimated,points,rows,databaseMs,bytes,durationMs,outcome,requestId,operations,kind'
const NOVEMBER = 'from=2026-11-01&to=2026-12-01'
const TABLE = createPolicies(POLICY_ROWS)
const at = (text: string): number => Date.parse(`2026-11-${text}`)

/** A gateway with an account and its key; records say what nothing was drawn for, unless it reconciles. */
async function books(options: TestGatewayOptions = { reconciles: false }) {
  const gateway = await testGateway(options)
  const accountId = await gateway.account()
  const key = await gateway.issueKey({ accountId, level: 2 })
  const { rows } = await gateway.database.pool.query<{ id: string }>('select id from api_key')
  const keyId = rows[0]?.id ?? ''
  const get = async (parameters: string, headers: Record<string, string> = bearer(key)) => {
    const path = `/ledger.csv${parameters === '' ? '' : `?${parameters}`}`
    const answer = await gateway.send({ method: 'GET', path, headers })
    const isFile = String(answer.headers['content-type']).startsWith('text/csv')
    const lines = isFile ? linesOf(answer.body) : []
    const { errors = [] } = isFile ? {} : JSON.parse(answer.body)
    const [code, message] = [errors[0]?.extensions.code, errors[0]?.message]
    return { ...answer, lines, code, message }
  }
  const record = async (...records: readonly Partial<UsageRecord>[]): Promise<void> => {
    for (const over of records) gateway.meter.record(usageRecord({ accountId, keyId, ...over }))
    await gateway.meter.ship()
  }
  return { ...gateway, gateway, accountId, key, keyId, get, record }
}

/** So many records of few moments, which two gateways wrote down. */
async function many(count: number) {
  const own = await books({ reconciles: false, policies: TABLE })
  const { database, accountId } = own
  await database.pool.query('select ledger_month($1, $2)', ['usage_record', new Date(at('03'))])
  await database.pool.query(
    `insert into usage_record (recorded_at, gateway_id, segment, place, request_id, account_id, operation, estimated, points,
       rows, database_us, bytes, duration_us, outcome, operations)
     select timestamptz '2026-11-03T10:00:00Z' + (n / 9000) * interval '1 ms', (array[$2, $3]::uuid[])[n % 2 + 1], n / 3000, n,
       'r-' || n, $1, 'Sets', 1, 1, 0, 0, 0, 0, 'OK', 1 from generate_series(1, $4::int) as n`,
    [accountId, v7(), v7(), count],
  )
  return own
}

function bearer(secret: string) {
  return { authorization: `Bearer ${secret}` }
}

function linesOf(body: string): readonly Readonly<Record<string, string>>[] {
  return parse(body, { columns: true })
}

function requestIds(lines: ReturnType<typeof linesOf>): readonly (string | undefined)[] {
  return lines.map(({ requestId }) => requestId)
}

describe('the ledger of an account', () => {
  test('is a line for each operation, earliest first, of its keys and sessions', async () => {
    const { get, record, keyId } = await books()
    const alike = { outcome: 'RATE_LIMITED', points: 0, estimated: null, operations: 7 }
    await record(
      { atMs: at('05T23:59:59.999Z'), keyId: null, operation: '', requestId: 'r-2', ...alike },
      { atMs: at('03T10:10:00Z') },
    )
    const { status, headers, body } = await get(NOVEMBER)
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="ledger.csv"',
      'cache-control': 'no-store',
      ratelimit: expect.stringContaining('"burst"'),
    })
    expect(headers['link']).toBeUndefined()
    expect(body).toBe(
      [
        COLUMNS,
        `2026-11-03T10:10:00.000Z,${formatId('key', keyId)},Sets,118,32,12,1.102,13000,5.162,OK,r-1,1,operation`,
        '2026-11-05T23:59:59.999Z,,,0,0,12,1.102,13000,5.162,RATE_LIMITED,r-2,7,operation',
        '',
      ].join('\r\n'),
    )
  })

  test('has nothing of another account, and nothing that had no credentials', async () => {
    const { gateway, get, record } = await books()
    const other = await gateway.account()
    const hers = await gateway.issueKey({ accountId: other, level: 2 })
    const atMs = at('03T10:10:00Z')
    await record(
      { atMs, requestId: 'mine' },
      { atMs, requestId: 'hers', accountId: other, keyId: null },
      { atMs, requestId: 'nobodys', accountId: null, keyId: null },
    )
    await gateway.database.pool.query(
      `insert into ledger_entry (id, kind, account_id, points, reason, created_at)
         values (gen_random_uuid(), 'correction', $1, 5, 'By hand.', '2026-11-03T10:00:00Z')`,
      [other],
    )
    expect(requestIds((await get(NOVEMBER)).lines)).toEqual(['mine'])
    expect(requestIds((await get(NOVEMBER, bearer(hers))).lines)).toEqual(['', 'hers'])
  })

  test('has points that were lost or corrected, and no forfeit that records explain', async () => {
    const { gateway, get, accountId, record } = await books()
    await record({ atMs: at('03T10:00:09Z') })
    await gateway.database.pool.query(
      `insert into ledger_entry (id, kind, account_id, points, explained, leased_at, reason, created_at) values
         (gen_random_uuid(), 'forfeit', $1, 100, 30, '2026-11-03T10:00:00Z', 'unsettled', '2026-11-03T10:00:08Z'),
         (gen_random_uuid(), 'forfeit', $1, 30, 30, '2026-11-03T10:00:00Z', 'unsettled', '2026-11-03T10:00:08Z'),
         (gen_random_uuid(), 'correction', $1, -5, 0, null, 'By hand.', '2026-11-03T10:00:10Z')`,
      [accountId],
    )
    const { body, lines } = await get(NOVEMBER)
    expect(lines.map(({ kind, points }) => [kind, points])).toEqual([
      ['forfeit', '70'],
      ['operation', '32'],
      ['correction', '-5'],
    ])
    expect(body).toContain('2026-11-03T10:00:08.000Z,,,0,70,0,0,0,0,,,0,forfeit\r\n')
  })

  test('names a key that was revoked, and one that is gone', async () => {
    const { gateway, get, record, accountId, keyId } = await books()
    const gone = v7()
    await record({ atMs: at('03T10:00:00Z') }, { atMs: at('03T10:00:01Z'), keyId: gone })
    await gateway.database.pool.query(
      `update api_key set revoked_at = now(), revocation_reason = 'owner' where id = $1`,
      [keyId],
    )
    const { token } = await signedIn(gateway, accountId)
    const { lines } = await get(NOVEMBER, bearer(token))
    expect(lines.map(({ key }) => key)).toEqual([keyId, gone].map((id) => formatId('key', id)))
  })

  test('runs nothing in a spreadsheet, whatever a client calls its operations', async () => {
    const { get, record, database } = await books()
    await record({ atMs: at('03T10:00:00Z') })
    const evil = '=HYPERLINK("http://evil.example","a,b")'
    await database.pool.query('update usage_record set operation = $1', [evil])
    const { lines, body } = await get(NOVEMBER)
    expect(lines[0]?.['operation']).toBe(`'${evil}`)
    expect(body).toContain(`,"'=HYPERLINK(""http://evil.example"",""a,b"")",118,`)
  })

  test('is that of the last thirty days where no time is given', async () => {
    const { get, record } = await books({ reconciles: false, now: '2026-12-15T12:00:00Z' })
    await record(
      { atMs: Date.parse('2026-11-15T11:59:59Z'), requestId: 'before' },
      { atMs: Date.parse('2026-11-15T12:00:00Z'), requestId: 'first' },
      { atMs: Date.parse('2026-12-15T11:59:59Z'), requestId: 'last' },
    )
    expect(requestIds((await get('')).lines)).toEqual(['first', 'last'])
    expect(requestIds((await get('from=2026-12-15')).lines)).toEqual(['last'])
    expect((await get('from=0000-01-01&to=0000-01-05')).lines).toEqual([])
    const hour = 'from=2026-11-15T12:59:59+01:00&to=2026-11-15T12:00:00Z'
    expect(requestIds((await get(hour)).lines)).toEqual(['before'])
  })
})

describe('more lines than one answer holds', () => {
  test('are all had by following the links, each once, and the last answer has no link', async () => {
    const { get, database, accountId } = await many(19_999)
    await database.pool.query(
      `insert into ledger_entry (id, kind, account_id, points, reason, created_at)
         values ($1, 'correction', $2, 5, 'By hand.', '2026-11-03T10:00:00.001Z')`,
      [v7(), accountId],
    )
    const first = await get(NOVEMBER)
    const [, url = ''] = /^<(.*)>; rel="next"$/.exec(String(first.headers['link'])) ?? []
    const { origin, pathname, searchParams } = new URL(url)
    expect([origin, pathname]).toEqual([PUBLIC_URL, '/ledger.csv'])
    expect(searchParams.get('from')).toBe('2026-11-01T00:00:00.000Z')
    const second = await get(searchParams.toString())
    expect(second.headers['link']).toBeUndefined()
    expect([first.lines.length, second.lines.length]).toEqual([10_000, 10_000])
    const all = [...first.lines, ...second.lines]
    expect(new Set(requestIds(all)).size).toBe(20_000)
    expect(all.filter(({ kind }) => kind === 'correction')).toHaveLength(1)
    const times = all.map(({ time = '' }) => time)
    expect(times).toEqual(times.toSorted())
  })

  test('cost what a level below 5 can pay at once, and a share of that where there are fewer', async () => {
    const { get, gateway, database } = await many(10_001)
    expect((await get(NOVEMBER)).lines).toHaveLength(10_000)
    await get('from=2026-11-03T10:00:00.001Z&to=2026-12-01')
    await gateway.meter.ship()
    const { rows } = await database.pool.query(
      `select estimated, points, rows, outcome from usage_record where operation = 'LedgerFile' order by recorded_at`,
    )
    expect(rows).toEqual([
      { estimated: 506, points: 506, rows: 10_000, outcome: 'OK' },
      { estimated: 506, points: 6 + Math.ceil(1002 / 20), rows: 1002, outcome: 'OK' },
    ])
    expect(rows[0].estimated).toBeLessThanOrEqual(POLICY_ROWS.ceiling)
  })
})

describe('reading it', () => {
  test('draws on the budgets, and is a line of it itself', async () => {
    const { get, gateway, key } = await books({ policies: TABLE })
    await gateway.post('query Mine { me { id } }', key)
    await gateway.meter.ship()
    const first = await get('')
    expect(first.lines.map(({ operation, points }) => [operation, points])).toEqual([['Mine', '3']])
    await gateway.meter.ship()
    const [, line] = (await get('')).lines
    expect(line).toMatchObject({ operation: 'LedgerFile', estimated: '506', points: '7' })
    expect(line?.['requestId']).toBe(first.headers['x-request-id'])
  })

  test('asks for its price alone under GraphQL-Cost: validate', async () => {
    const { get, key } = await books({})
    const { headers, body } = await get('', { ...bearer(key), 'graphql-cost': 'validate' })
    expect(headers['content-type']).toContain('application/json')
    expect(JSON.parse(body).extensions.cost).toMatchObject({ estimated: 506, verdict: 'RUN' })
  })

  test('is for whoever may see what the account uses', async () => {
    const { get, gateway, accountId } = await books({})
    const { token } = await signedIn(gateway, accountId)
    const weak = await gateway.issueKey({ accountId, level: 1 })
    expect((await get('', bearer(token))).status).toBe(200)
    expect(await get('', {})).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect(await get('', bearer(weak))).toMatchObject({ status: 403, code: 'LEVEL_TOO_LOW' })
  })

  test('is for a page with the cookie of a session', async () => {
    const { get, gateway, accountId } = await books({})
    const { token } = await signedIn(gateway, accountId)
    const cookie = { cookie: `maat_access=${token}`, 'maat-request': '1', origin: PUBLIC_URL }
    expect((await get('', cookie)).status).toBe(200)
  })

  test('may be for its fields alone, and a page of another origin sees where it goes on', async () => {
    const { gateway, key } = await books({})
    const headers = { ...bearer(key), origin: 'https://app.example' }
    const head = await gateway.send({ method: 'HEAD', path: '/ledger.csv', headers })
    expect([head.status, head.body]).toEqual([200, ''])
    expect(head.headers['content-type']).toContain('text/csv')
    expect(head.headers['access-control-expose-headers']).toContain('Link')
  })
})

test.each([
  ['from=yesterday', 'from is "yesterday"; 2026-01-31 or 2026-01-31T12:00:00Z are accepted.'],
  ['to=2026-02-30', 'to is "2026-02-30"; 2026-01-31 or 2026-01-31T12:00:00Z are accepted.'],
  [
    'from=2026-11-02&to=2026-11-02',
    'Nothing lies from 2026-11-02T00:00:00.000Z to 2026-11-02T00:00:00.000Z; to after from is accepted.',
  ],
  [
    'from=2026-11-01&to=2026-12-02T00:00:00.001Z',
    'There are 32 days from 2026-11-01T00:00:00.000Z to 2026-12-02T00:00:00.001Z; 31 are accepted at most.',
  ],
  [
    'to=0000-01-05',
    '-000001-12-06T00:00:00.000Z is in no year from 0000 to 9999, which are accepted.',
  ],
  ['form=2026-11-01', '"form" is no parameter; from, to and cursor are accepted.'],
])('%s is refused, and what is accepted is said', async (parameters, message) => {
  const { get } = await books({})
  expect(await get(parameters)).toMatchObject({ status: 400, code: 'BAD_REQUEST', message })
})

test.each([
  ['what is none', 'x'],
  ['that of a list', Buffer.from('aud.latest:1:1').toString('base64url')],
  ['one of another time', Buffer.from(`ledger:${at('30')}:${v7()}:1:1`).toString('base64url')],
  [
    'a place that no line has',
    Buffer.from(`ledger:${at('03')}:${v7()}:99999999999:1`).toString('base64url'),
  ],
])('a cursor is refused that is %s', async (_what, cursor) => {
  const { get } = await books({})
  const answer = await get(`from=2026-11-01&to=2026-11-05&cursor=${cursor}`)
  expect(answer).toMatchObject({ status: 422, code: 'CURSOR_INVALID' })
})

test('as a field it takes 31 days at most, too', async () => {
  const { post, key } = await books({})
  const ask = (to: string) =>
    post(`{ ledger(from: "2026-11-01T00:00:00Z", to: "${to}") { lines { kind } } }`, key)
  expect((await ask('2026-12-02T00:00:00Z')).data).toEqual({ ledger: { lines: [] } })
  expect((await ask('2026-12-02T00:00:01Z')).codes).toEqual(['INPUT_INVALID'])
  expect((await ask('2026-10-01T00:00:00Z')).codes).toEqual(['INPUT_INVALID'])
})
