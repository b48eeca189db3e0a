import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'

import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'

import { ACCOUNT_TABLES } from '../../../src/auth/account/account-tables.ts'
import { readAccount } from '../../../src/auth/account/export/read-account.ts'
import { formatId } from '../../../src/ids.ts'
import { sealRow } from '../../../src/vault/seal-row.ts'
import { FULL_NAME, fullAccount } from '../../support/full-account.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { signedIn } from '../../support/signed-in.ts'

const EXPORT = `mutation ($format: ExportFormat!) {
  exportAccount(input: { format: $format }) { url expiresAt }
}`

/** The path that the link leads to. */
async function exportPath(gateway: TestGateway, token: string, format = 'JSON'): Promise<string> {
  const { data } = await gateway.post(EXPORT, token, { format })
  const url = new URL((data as { exportAccount: { url: string } }).exportAccount.url)
  return url.pathname + url.search
}

async function ada(options?: Parameters<typeof testGateway>[0]) {
  const gateway = await testGateway(options)
  const accountId = await gateway.account({ username: 'ada' })
  const { token } = await signedIn(gateway, accountId)
  return { gateway, accountId, token, path: await exportPath(gateway, token) }
}

describe('an export', () => {
  test('holds what is stored of the account in every table, the same as JSON and as YAML', async () => {
    const gateway = await testGateway({ now: '2026-02-01T00:00:00Z' })
    const full = await fullAccount(gateway, 120)
    const read = async (format: string) => {
      const path = await exportPath(gateway, full.session.token, format)
      return gateway.send({ path })
    }
    const asJson = await read('JSON')
    expect(asJson.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="maat-account-2026-02-01.json"',
      'cache-control': 'no-store',
    })
    const held = JSON.parse(asJson.body)
    const sections = Object.values(ACCOUNT_TABLES).flatMap((table) =>
      'parts' in table ? table.parts.map(({ section }) => section) : [],
    )
    expect(Object.keys(held)).toEqual(['format', 'about', 'exportedAt', ...sections])
    for (const section of sections) {
      expect([section, [held[section] ?? []].flat().length]).not.toEqual([section, 0])
    }
    expect(held).toMatchObject({
      account: {
        id: formatId('acc', full.accountId),
        username: FULL_NAME,
        email: `${FULL_NAME}@example.test`,
        bio: null,
        consent: 'measurements',
        keyCalls: 0,
      },
      password: { updatedAt: '2026-01-01T12:00:00.123Z' },
      apiKeys: [{ id: formatId('key', full.keyId), name: 'test', level: 4 }],
      limits: [
        { apiKey: formatId('key', full.keyId), partition: 'day', capacity: 500 },
        { apiKey: null, partition: 'day', capacity: 6000 },
        { apiKey: null, partition: 'day', capacity: 5000, validUntil: null },
      ],
      patterns: [
        { name: 'Aaron', settings: { sa: 10 }, measurementSet: held.measurementSets[0].id },
      ],
      bookmarks: [{ title: 'yes', url: 'https://example.org/?a=1&b=2' }],
      curatedSets: [{ names: { en: 'Doll' }, measurements: { chest: 91 } }],
      suggestions: [{ name: 'Doll', measurements: { chest: 91 }, note: 'For all.' }],
      decidedSuggestions: [{ state: 'declined', reason: 'There is one like it.' }],
      mails: [{ to: `${FULL_NAME}@example.test`, subject: 'A link' }],
      actsOnOthers: [{ actorKind: 'key', action: 'update-account' }],
      repeatableActs: [{ outcome: { type: 'X' } }],
    })
    const names = held.measurementSets.map(({ name }: { name: string }) => name)
    expect(new Set(names).size).toBe(120)
    expect(held.measurementSets[1]).toMatchObject({
      baseSet: held.measurementSets[0].id,
      notes: '- "quoted": yes\n\n  # no comment\n',
      measurements: { chest: 914.4, shoulderSlope: 13 },
      createdAt: '2026-01-01T12:00:00.123Z',
    })
    const asYaml = await read('YAML')
    expect(asYaml.headers['content-type']).toBe('application/yaml; charset=utf-8')
    const yaml = parseYaml(asYaml.body)
    // Between the two a link was spent, made and used, and both are told of.
    const { links, accessLog, budgets, account, ...rest } = held
    expect(yaml).toMatchObject(rest)
    expect(Object.keys(yaml.account)).toEqual(Object.keys(account))
    expect([yaml.links.length, yaml.accessLog.length]).toEqual([
      links.length + 1,
      accessLog.length + 2,
    ])
    expect(yaml.budgets).toHaveLength(budgets.length)
  })

  test('holds no secret, and nobody else’s id', async () => {
    const gateway = await testGateway()
    const full = await fullAccount(gateway)
    const { body } = await gateway.send({ path: await exportPath(gateway, full.session.token) })
    const { rows } = await gateway.database.pool.query(`
      select password_hash as secret from credential
      union all select encode(digest, 'hex') from api_key
      union all select encode(digest, 'hex') from one_time_link
      union all select encode(digest, 'hex') from session_refresh
      union all select encode(recovery_digests[1], 'hex') from second_factor`)
    const secrets = rows.map(({ secret }) => String(secret))
    const others = [formatId('acc', full.bystander), full.bystander]
    for (const text of [...secrets, full.key, full.linkToken, 'JBSWY3DPEHPK3PXP', ...others]) {
      expect(body).not.toContain(text)
    }
    expect(body).toContain('maat_lk_…')
  })

  test('reads a page at a time, and the next one not before it is asked for', async () => {
    const gateway = await testGateway()
    const { accountId } = await fullAccount(gateway, 120)
    const statements: string[] = []
    const kysely = gateway.database.kysely.withPlugin({
      transformQuery: ({ node }) => (statements.push(node.kind), node),
      transformResult: ({ result }) => Promise.resolve(result),
    })
    const sections = readAccount({ kysely, vault: gateway.vault, accountId })
    const sets = sections.find(({ name }) => name === 'measurementSets')?.items
    const iterator = sets?.[Symbol.asyncIterator]()
    const taken: number[] = []
    for (let n = 1; n <= 120; n += 1) {
      await iterator?.next()
      taken.push(statements.length)
    }
    expect([taken[0], taken[49], taken[50], taken[99], taken[119]]).toEqual([1, 1, 2, 2, 3])
  })

  test('of an account without anything is one in both formats', async () => {
    const { gateway, token, path } = await ada()
    const json = JSON.parse((await gateway.send({ path })).body)
    expect(json).toMatchObject({ secondFactor: null, patterns: [] })
    const yaml = await gateway.send({ path: await exportPath(gateway, token, 'YAML') })
    expect(parseYaml(yaml.body)).toMatchObject({ secondFactor: null, patterns: [] })
  })
})

describe('the link to an export', () => {
  test('opens it once, and the access log tells of both', async () => {
    const { gateway, path } = await ada()
    expect((await gateway.send({ path })).status).toBe(200)
    // The last bytes arrive before the link is noted as used; until then it counts as under way.
    await expect.poll(async () => (await gateway.send({ path })).status).toBe(404)
    const { rows } = await gateway.database.pool.query(
      'select action from audit order by created_at',
    )
    expect(rows).toEqual([{ action: 'export-account' }, { action: 'download-export' }])
  })

  test('opens it again where a download broke off, and one at a time', async () => {
    const { gateway, accountId, path } = await ada()
    await insertLargeSets(gateway, accountId)
    const broken = await begin(gateway, path)
    const second = await gateway.send({ path })
    expect([second.status, second.headers['retry-after']]).toEqual([429, '5'])
    broken.destroy()
    // Whoever asks at once may still meet the broken one.
    const ask = async () => (await gateway.send({ path })).status
    await expect.poll(ask, { timeout: 20_000 }).toBe(200)
    await expect.poll(async () => (await gateway.send({ path })).status).toBe(404)
  })

  test('stays good where the file could not be made, which is cut off and never looks whole', async () => {
    const { gateway, accountId, path } = await ada()
    await insertLargeSets(gateway, accountId)
    const sealed = await gateway.database.kysely
      .selectFrom('measurement_set')
      .select(['id', 'label'])
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    const last = gateway.database.kysely.updateTable('measurement_set').where('id', '=', sealed.id)
    await last.set({ label: 'k.damaged' }).execute()
    await expect(gateway.send({ path })).rejects.toThrow('aborted')
    expect(gateway.logged.join()).toContain('VaultError')
    await last.set({ label: sealed.label }).execute()
    const ask = async () => (await gateway.send({ path })).status
    await expect.poll(ask, { timeout: 20_000 }).toBe(200)
  })

  test.each([
    ['is too old', { minutes: 24 * 60 }, 404],
    ['is a minute younger', { minutes: 24 * 60 - 1 }, 200],
  ])('that %s answers as it should', async (_what, { minutes }, status) => {
    let now = new Date('2026-02-01T00:00:00Z')
    const { gateway, path } = await ada({ now: () => now })
    now = new Date(now.getTime() + minutes * 60_000)
    expect((await gateway.send({ path })).status).toBe(status)
  })

  test('ends with the next one', async () => {
    const { gateway, token, path } = await ada()
    const next = await exportPath(gateway, token)
    expect((await gateway.send({ path })).status).toBe(404)
    expect((await gateway.send({ path: next })).status).toBe(200)
  })

  test.each([
    ['no token', '/account-export/', 404],
    ['a token of nothing', `/account-export/maat_lk_${'A'.repeat(43)}`, 404],
    ['a path below it', '/account-export/a/b', 404],
  ])('with %s opens nothing', async (_what, path, status) => {
    const { gateway } = await ada()
    expect((await gateway.send({ path })).status).toBe(status)
  })

  test('of another purpose opens nothing, and stays good for that', async () => {
    const gateway = await testGateway()
    const { linkToken } = await fullAccount(gateway)
    expect((await gateway.send({ path: `/account-export/${linkToken}` })).status).toBe(404)
    const { rows } = await gateway.database.pool.query('select used_at from one_time_link')
    expect(rows).toEqual([{ used_at: null }])
  })

  test('knows no third format, and no other method', async () => {
    const { gateway, path } = await ada()
    const xml = path.replace('json', 'xml')
    expect((await gateway.send({ path: xml })).status).toBe(400)
    const posted = await gateway.send({ method: 'POST', path })
    expect([posted.status, posted.headers.allow]).toEqual([405, 'GET'])
    expect((await gateway.send({ path })).status).toBe(200)
  })

  test('is no key’s to ask for, and told once under an Idempotency-Key', async () => {
    const { gateway, accountId, token } = await ada()
    const key = await gateway.issueKey({ accountId })
    expect((await gateway.post(EXPORT, key, { format: 'JSON' })).codes).toContain(
      'SESSION_REQUIRED',
    )
    const ask = () =>
      gateway.send({
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'idempotency-key': 'once',
        },
        body: JSON.stringify({ query: 'mutation { exportAccount { url expiresAt } }' }),
      })
    const [first, replayed] = [await ask(), await ask()].map(({ body }) => JSON.parse(body).data)
    expect(first.exportAccount.url).toMatch(/\?format=json$/)
    expect(replayed.exportAccount).toEqual({ ...first.exportAccount, url: null })
  })
})

/** More than the buffers between here and there hold. */
async function insertLargeSets(gateway: TestGateway, accountId: string): Promise<void> {
  const now = new Date()
  const rows = Array.from({ length: 150 }, () => {
    const id = v7()
    const values = { name: 'Large', notes: 'x'.repeat(100_000) }
    const sealed = sealRow(gateway.vault, 'measurement_set', { row: id, owner: accountId }, values)
    return { id, account_id: accountId, ...sealed, created_at: now, updated_at: now }
  })
  await gateway.database.kysely.insertInto('measurement_set').values(rows).execute()
}

/** A download that has begun, and that nobody reads. */
async function begin(gateway: TestGateway, path: string): Promise<IncomingMessage> {
  const [response] = await once(get(`${gateway.origin}${path}`), 'response')
  response.on('error', () => {})
  return response
}
