import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'

import { testGateway } from '../support/gateway.ts'
import type { HttpRequest } from '../support/http-request.ts'
import { SMALL } from '../support/small-schema.ts'

const gateway = await testGateway(SMALL)

describe('a document is refused as too large', () => {
  test.each([
    ['with 16 kB of comments', `{ __typename } # ${'x'.repeat(16_384)}`],
    ['with 1 001 tokens', `{ ${'__typename '.repeat(999)} }`],
    ['nested 5 000 levels deep', `${'{ me '.repeat(2_500)}${'}'.repeat(2_500)}`],
    ['11 levels deep', nested(11)],
    [
      '11 levels deep through fragments',
      `{ me { ...A } } fragment A on Account ${nested(9, '{ friend ')}`,
    ],
    ['with 16 aliases', `{ ${aliases(16, '__typename')} }`],
    [
      'with 16 aliases of __typename in a fragment',
      `{ ...A } fragment A on Query { ${aliases(16, '__typename')} }`,
    ],
    ['with 9 directives', `{ __typename ${'@skip(if: false) '.repeat(9)} }`],
    ['with 51 occurrences of one name', `{ me { ${'username '.repeat(51)} } }`],
    ['with a response name of 101 characters', `{ ${'a'.repeat(101)}: __typename }`],
    ['with a fragment bomb of 2^20', fragmentBomb(20)],
  ])('%s', async (_case, document) => {
    const { status, codes, body } = await gateway.post(document)
    expect([status, codes]).toEqual([400, ['DOCUMENT_TOO_LARGE']])
    expect(body.length).toBeLessThan(1_000)
  })
})

test.each([
  ['depth', nested(11), 'at most 10 levels deep'],
  ['aliases', `{ ${aliases(16, '__typename')} }`, 'at most 15 aliases'],
  ['directives', `{ __typename ${'@skip(if: false) '.repeat(9)} }`, 'at most 8 directives'],
  ['tokens', `{ ${'__typename '.repeat(999)} }`, 'at most 1000 tokens'],
])('a refusal for its %s says what the limit is', async (_limit, document, said) => {
  const [error] = JSON.parse((await gateway.post(document)).body).errors
  expect(error.message).toContain(said)
})

describe('a document is refused as invalid', () => {
  test.each([
    [
      'with a cycle of fragments',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    ],
    ['with values nested 450 levels deep', `{ echo(text: ${'['.repeat(450)}${']'.repeat(450)}) }`],
    ['with a subscription, as there is none', 'subscription { me { username } }'],
    [
      'with introspection that goes round',
      '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
    ],
  ])('%s', async (_case, document) => {
    const { status, codes } = await gateway.post(document)
    expect([status, codes[0]]).toEqual([400, 'DOCUMENT_INVALID'])
  })

  test('with the place of each error, 10 at most', async () => {
    const document = `{ ${Array.from({ length: 20 }, (_, i) => `field${i}`).join('\n')} }`
    const { errors } = JSON.parse((await gateway.post(document)).body)
    expect(errors).toHaveLength(10)
    expect(errors[1]).toEqual({
      message: 'Cannot query field "field1" on type "Query".',
      locations: [{ line: 2, column: 1 }],
      extensions: { code: 'DOCUMENT_INVALID' },
    })
    expect(errors[0].extensions.problems).toHaveLength(10)
    expect(errors[0].extensions.problems[1]).toEqual({
      code: 'DOCUMENT_INVALID',
      message: errors[1].message,
      locations: errors[1].locations,
    })
  })

  test('without a word of what a name may have meant', async () => {
    const documents = [
      '{ me { usernam } }',
      '{ echo(txt: "") }',
      '{ ... on Acount { username } }',
      '{ echo(unit: INC) }',
    ]
    const bodies = await Promise.all(
      documents.map(async (document) => (await gateway.post(document)).body),
    )
    expect(bodies.join()).not.toMatch(/did you mean|username"|INCH/i)
  })
})

test('a verdict is kept for the document, not for the caller: the second one is refused alike', async () => {
  const refusals = [await gateway.post(nested(11)), await gateway.post(nested(11))]
  expect(refusals.map(({ status }) => status)).toEqual([400, 400])
  expect(refusals[0]?.body).toBe(refusals[1]?.body)
})

describe('variables', () => {
  test('are coerced before anything runs, and all their problems are named', async () => {
    const document = 'query($t: String!, $u: Unit) { defect echo(text: $t, unit: $u) }'
    const { status, codes, body } = await gateway.post(document, undefined, { u: 'INC' })
    expect([status, codes]).toEqual([400, ['VARIABLE_INVALID']])
    expect(JSON.parse(body).errors[0].extensions.problems).toHaveLength(2)
    expect(body).not.toMatch(/did you mean/i)
  })

  test('that are long do not come back', async () => {
    const { body } = await gateway.post('query($u: Unit) { echo(unit: $u) }', undefined, {
      u: 'x'.repeat(90_000),
    })
    expect(body.length).toBeLessThan(1_500)
  })

  test('reach Object.prototype in no way', async () => {
    await gateway.send(
      json(
        '{"query":"query($__proto__: String) { echo(text: $__proto__) }","variables":{"__proto__":"x","constructor":{"prototype":{"polluted":true}}}}',
      ),
    )
    expect({}).not.toHaveProperty('polluted')
  })
})

describe('a body', () => {
  test('above 100 kB is refused for levels below 3', async () => {
    const key = await gateway.issueKey({ level: 2 })
    expect(await refusal(json(padded(100_001), { authorization: `Bearer ${key}` }))).toEqual([
      413,
      'BODY_TOO_LARGE',
    ])
  })

  test('may reach 1 MB from level 3 on', async () => {
    const key = await gateway.issueKey({ level: 3 })
    const authorization = `Bearer ${key}`
    expect((await gateway.send(json(padded(1_000_000), { authorization }))).status).toBe(200)
    expect(await refusal(json(padded(1_000_001), { authorization }))).toEqual([
      413,
      'BODY_TOO_LARGE',
    ])
  })

  test('that says it is too long is refused before it is sent', async () => {
    const head =
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n'
    expect(await rawStatus(head)).toBe(413)
  })

  test('that grows too long without saying so is refused on the way', async () => {
    const chunk = `20000\r\n${'x'.repeat(0x20000)}\r\n`
    const head =
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
    expect(await rawStatus(head + chunk)).toBe(413)
  })

  test.each([
    ['a form', 'application/x-www-form-urlencoded', 'query=mutation{rename(name:"x")}'],
    [
      'a multipart form',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--',
    ],
    ['plain text', 'text/plain', '{"query":"mutation { rename(name: \\"x\\") }"}'],
    ['a bare document', 'application/graphql', 'mutation { rename(name: "x") }'],
    ['JSON in another encoding', 'application/json; charset=utf-7', '{}'],
  ])('that is %s runs nothing', async (_case, type, body) => {
    expect(await refusal(json(body, { 'content-type': type }))).toEqual([
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ])
  })

  test('that is compressed is refused', async () => {
    expect(await refusal(json('{}', { 'content-encoding': 'gzip' }))).toEqual([
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ])
  })

  test('that is a batch runs nothing', async () => {
    const batch = JSON.stringify(Array.from({ length: 3 }, () => ({ query: '{ __typename }' })))
    expect(await refusal(json(batch))).toEqual([400, 'BAD_REQUEST'])
  })
})

describe('GET', () => {
  test('runs a query', async () => {
    const { status, body } = await gateway.send({ path: '/graphql?query={me{username}}' })
    expect([status, JSON.parse(body).data]).toEqual([200, { me: { username: 'demo' } }])
  })

  test('reads a query string to its end, question marks included', async () => {
    const { body } = await gateway.send({ path: '/graphql?query={echo(text:"a?b?c")}' })
    expect(JSON.parse(body).data).toEqual({ echo: 'a?b?c' })
  })

  test('runs no mutation, and names POST', async () => {
    const path = '/graphql?query=mutation{rename(name:"x")}'
    expect(await refusal({ path })).toEqual([405, 'METHOD_NOT_ALLOWED'])
    expect((await gateway.send({ path })).headers.allow).toBe('POST')
  })

  test('runs no mutation behind the name of a query', async () => {
    const path =
      '/graphql?query=query%20A{__typename}mutation%20B{rename(name:"x")}&operationName=B'
    expect(await refusal({ path })).toEqual([405, 'METHOD_NOT_ALLOWED'])
  })
})

describe('the surface', () => {
  test.each([
    ['/'],
    ['/graphql/'],
    ['/graphql/assets/../../package.json'],
    ['/%67raphql'],
    ['/__proto__'],
    ['/constructor'],
  ])('has nothing at %s', async (path) => {
    expect(await refusal({ path })).toEqual([404, 'NOT_FOUND'])
  })

  test.each(['PUT', 'DELETE', 'PATCH', 'HEAD', 'TRACE'])('does not know %s', async (method) => {
    const { status, headers } = await gateway.send({ method })
    expect([status, headers.allow]).toEqual([405, 'GET, POST'])
  })

  test('refuses a key in a URL wherever it is, and says to replace it', async () => {
    expect(await refusal({ path: '/graphql?query={__typename}&key=maat%5fsk_x' })).toEqual([
      400,
      'KEY_IN_URL',
    ])
    expect(await refusal({ path: '/maat_sk_x' })).toEqual([400, 'KEY_IN_URL'])
  })

  test('is not sniffed, framed, cached or referred to', async () => {
    const { headers } = await gateway.post('{ __typename }')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    expect(headers).not.toHaveProperty('x-powered-by')
  })

  test('gives a request the id that it brings, and no forged field with it', async () => {
    const given = await gateway.send(json('{}', { 'x-request-id': 'mine-1' }))
    expect(given.headers['x-request-id']).toBe('mine-1')
    const forged = await gateway.send(json('{}', { 'x-request-id': 'a b' }))
    expect(forged.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('lets every origin read, none with credentials', async () => {
    const { headers } = await gateway.send(
      json('{}', { origin: 'https://evil.example', cookie: 'a=b' }),
    )
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  test('answers a preflight for keys', async () => {
    const { status, headers } = await gateway.send({
      method: 'OPTIONS',
      headers: { origin: 'https://app.example' },
    })
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers':
        'authorization, content-type, graphql-cost, idempotency-key, if-modified-since, if-none-match, maat-request',
    })
  })

  test('does not take two credentials for one', async () => {
    const key = await gateway.issueKey()
    const headers = { authorization: [`Bearer ${key}`, 'Bearer other'] }
    const { status } = await gateway.send({ path: '/graphql?query={__typename}', headers })
    expect(status).toBe(401)
  })
})

describe('a failure', () => {
  test('that is a defect is masked, and logged under the id that the client has', async () => {
    const { status, body, headers } = await gateway.post('{ defect }')
    const { errors } = JSON.parse(body)
    expect(status).toBe(500)
    expect(errors[0].extensions).toEqual({ code: 'INTERNAL', requestId: headers['x-request-id'] })
    expect(gateway.logged.at(-1)).toContain(headers['x-request-id'])
  })

  test('of the database is 503 with a time to come again, and not a word of its cause', async () => {
    const { status, codes, headers, body } = await gateway.post('{ outage }')
    expect([status, codes, headers['retry-after']]).toEqual([503, ['UNAVAILABLE'], '1'])
    expect(body).not.toContain('canary')
  })

  test('leaves no secret and no value in the log', async () => {
    const key = await gateway.issueKey()
    await gateway.post('{ defect outage }', key, { measure: 'canary of a body' })
    await gateway.send(json('canary of a body', { authorization: `Bearer ${key}` }))
    expect(gateway.logged.length).toBeGreaterThan(0)
    expect(gateway.logged.join()).not.toMatch(/canary|maat_sk_/)
  })
})

function json(body: string, headers: Readonly<Record<string, string>> = {}): HttpRequest {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }
}

async function refusal(request: HttpRequest): Promise<[number, string]> {
  const { status, body } = await gateway.send(request)
  return [status, JSON.parse(body).errors[0].extensions.code]
}

/** A good body of this many bytes. */
function padded(bytes: number): string {
  const frame = JSON.stringify({ query: '{ __typename }', extensions: { padding: '' } })
  return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`)
}

/** The status that comes back for these bytes, while the connection stays open. */
function rawStatus(bytes: string): Promise<number> {
  const { port } = new URL(gateway.origin)
  const socket = connect(Number(port), '127.0.0.1')
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.once('data', (answer: Buffer) => {
      resolve(Number(answer.toString().split(' ')[1]))
      socket.destroy()
    })
    socket.write(bytes)
  })
}

function aliases(count: number, field: string): string {
  return Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(' ')
}

function nested(depth: number, open = '{ friend '): string {
  const inner = `${open.repeat(depth - 2)}{ username ${'}'.repeat(depth - 1)}`
  return open === '{ friend ' && depth > 9 ? `{ me ${inner} }` : inner
}

function fragmentBomb(depth: number): string {
  const levels = Array.from(
    { length: depth },
    (_, i) => `fragment F${i} on Account { friend { ...F${i + 1} } me: friend { ...F${i + 1} } }`,
  )
  return `{ me { ...F0 } } ${levels.join(' ')} fragment F${depth} on Account { username }`
}
