import { describe, expect, test } from 'vitest'

import { countStatements } from '../support/counted-statements.ts'
import { testGateway } from '../support/gateway.ts'

describe.each(['front', 'yoga'] as const)('through the %s door', async (door) => {
  // On a clock that stands no lease ends: whoever holds one asks the store no more.
  const gateway = await testGateway({ door, now: '2026-02-01T00:00:00Z', monotonic: () => 0 })
  const statements = countStatements(gateway.database.pool)
  const accountId = await gateway.account({ username: 'robin' })

  test('a key reads its own account', async () => {
    const key = await gateway.issueKey({ accountId })
    const { status, data } = await gateway.post('{ me { username } }', key)
    expect([status, data]).toEqual([200, { me: { username: 'robin' } }])
  })

  test('a query is one statement, once its key is known and a lease pays for it', async () => {
    const key = await gateway.issueKey({ accountId })
    const document =
      '{ me { username measurementSets { totalCount nodes { name patterns { nodes { id } } } } } curatedSets { nodes { id } } }'
    // The first one also finds out whose the key is; the second comes soon enough after it to be given a lease.
    expect((await gateway.post(document, key)).status).toBe(200)
    expect((await gateway.post(document, key)).status).toBe(200)
    const before = statements.sent
    expect((await gateway.post(document, key)).status).toBe(200)
    expect(statements.sent - before).toBe(1)
  })

  test('fragments that spread each other a hundred times side by side are followed once', async () => {
    const document = `{ ${spreads('A')} }
      fragment A on Query { ${spreads('B')} }
      fragment B on Query { ${spreads('C')} }
      fragment C on Query { ${spreads('D')} }
      fragment D on Query { version }`
    // Followed one by one they are a hundred million: that would outlast every limit of a test.
    const { status, data } = await gateway.post(document)
    expect([status, data]).toEqual([200, { version: expect.any(String) }])
  })

  test('nobody in particular is asked to authenticate', async () => {
    const { status, codes, headers } = await gateway.post('{ me { username } }')
    expect([status, codes]).toEqual([401, ['UNAUTHENTICATED']])
    expect(headers['www-authenticate']).toBe('Bearer realm="maat"')
  })

  test('an expired key is refused, and says since when', async () => {
    const key = await gateway.issueKey({ accountId, expiresAt: '2026-01-31T00:00:00Z' })
    const { status, codes, body } = await gateway.post('{ version }', key)
    expect([status, codes]).toEqual([401, ['KEY_EXPIRED']])
    expect(body).toContain('2026-01-31')
  })

  test('a level that is too low is refused with every path, and no part of the answer', async () => {
    const key = await gateway.issueKey({ accountId, level: 0 })
    const document = '{ me { username measurementSets { totalCount } patterns { totalCount } } }'
    const { status, codes, data, body } = await gateway.post(document, key)
    expect([status, codes, data]).toEqual([403, ['LEVEL_TOO_LOW'], undefined])
    expect(body).toContain('"path":"me.measurementSets"')
    expect(body).toContain('"path":"me.patterns"')
  })

  test('a page out of bounds is refused before it is read', async () => {
    const document = 'query($n: Int) { curatedSets(first: $n) { totalCount } }'
    const { status, codes } = await gateway.post(document, undefined, { n: 101 })
    expect([status, codes]).toEqual([422, ['PAGE_SIZE_INVALID']])
  })

  test('a database that is gone is 503, for keys and for data', async () => {
    const gone = await testGateway({ door, reconciles: false })
    const key = await gone.issueKey()
    await gone.database.close()
    const [keyed, anonymous] = [
      await gone.post('{ version }', key),
      await gone.post('{ curatedSets { totalCount } }'),
    ]
    expect([keyed.status, keyed.codes]).toEqual([503, ['UNAVAILABLE']])
    expect([anonymous.status, anonymous.codes]).toEqual([503, ['UNAVAILABLE']])
    expect(keyed.headers['retry-after']).toBe('1')
  })
})

function spreads(name: string): string {
  return `...${name} `.repeat(100)
}
