import { describe, expect, test } from 'vitest'

import { recordAct } from '../../../src/audit/record-act.ts'
import { formatId } from '../../../src/ids.ts'
import { ask } from '../../support/act-client.ts'
import { testGateway } from '../../support/gateway.ts'
import { sessionOf } from '../../support/session-principal.ts'

const LOG = `query ($first: Int, $after: String, $last: Int, $before: String) {
  accessLog(first: $first, after: $after, last: $last, before: $before) {
    nodes { action }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`

function at(second: number): Date {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, second))
}

/** Ada, and so many entries in her log: act-1 is the earliest. */
async function logOf(entries: number) {
  const gateway = await testGateway()
  const ada = await gateway.account({ username: 'ada' })
  for (let n = 1; n <= entries; n += 1) {
    await gateway.database.kysely
      .insertInto('audit')
      .values({
        id: `00000000-0000-7000-8000-00000000000${n}`,
        account_id: ada,
        actor_kind: 'session',
        action: `act-${'abcdefgh'[n - 1]}`,
        // Two at a time, so that ids decide.
        created_at: new Date(Date.UTC(2026, 0, 1, 0, Math.floor(n / 2))),
      })
      .execute()
  }
  const page = async (variables: object) => {
    const { data } = await ask(gateway, LOG, { principal: sessionOf(ada), variables })
    const { nodes, pageInfo, totalCount } = data['accessLog']
    const acts = nodes.map(({ action }: { action: string }) => action.slice(4)).join('')
    return { acts, pageInfo, totalCount }
  }
  return { gateway, ada, page }
}

describe('the access log', () => {
  test('reads from the latest to the earliest, forward and backward', async () => {
    const { page } = await logOf(7)
    const first = await page({ first: 3 })
    expect(first).toMatchObject({
      acts: 'gfe',
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
      totalCount: 7,
    })
    const second = await page({ first: 3, after: first.pageInfo.endCursor })
    expect(second).toMatchObject({
      acts: 'dcb',
      pageInfo: { hasNextPage: true, hasPreviousPage: true },
    })
    const third = await page({ first: 3, after: second.pageInfo.endCursor })
    expect(third).toMatchObject({ acts: 'a', pageInfo: { hasNextPage: false } })
    const last = await page({ last: 2 })
    expect(last).toMatchObject({
      acts: 'ba',
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    })
    const before = await page({ last: 3, before: last.pageInfo.startCursor })
    expect(before).toMatchObject({ acts: 'edc', pageInfo: { hasNextPage: true } })
    const between = await page({
      first: 9,
      after: first.pageInfo.endCursor,
      before: last.pageInfo.startCursor,
    })
    expect(between.acts).toBe('dc')
  })

  test('tells with what each act was done, of the own keys with which one, and shows nobody else’s', async () => {
    const { gateway, ada } = await logOf(0)
    const ben = await gateway.account({ username: 'ben' })
    const key = await gateway.issueKey({ accountId: ada })
    const foreign = await gateway.issueKey({ accountId: ben })
    const { rows } = await gateway.database.pool.query('select id, account_id, slug from api_key')
    const keyOf = (owner: string) => rows.find(({ account_id }) => account_id === owner)
    const act = { actorKind: 'key', action: 'update-account' } as const
    const { kysely } = gateway.database
    const own = { ...act, accountId: ada, actorId: ada, credentialId: keyOf(ada).id, at: at(1) }
    await recordAct(kysely, own)
    const staff = { ...act, accountId: ada, actorId: ben, credentialId: keyOf(ben).id, at: at(2) }
    await recordAct(kysely, { ...staff, reason: 'Asked for.' })
    const subject = formatId('key', keyOf(ada).id)
    const link = { actorId: null, credentialId: null, actorKind: 'link', subject } as const
    await recordAct(kysely, { ...link, accountId: ada, action: 'report-leaked-key', at: at(3) })
    const asked =
      '{ me { accessLog { nodes { id action subject reason by isOwn apiKey { id } createdAt } } } }'
    const answered = await gateway.post(asked, key)
    expect(answered.data).toEqual({
      me: {
        accessLog: {
          nodes: [
            expect.objectContaining({ by: 'LINK', isOwn: false, subject, reason: null }),
            expect.objectContaining({
              by: 'KEY',
              isOwn: false,
              apiKey: null,
              reason: 'Asked for.',
            }),
            {
              id: expect.stringMatching(/^aud_/),
              action: 'update-account',
              subject: null,
              reason: null,
              by: 'KEY',
              isOwn: true,
              apiKey: { id: `key_${keyOf(ada).slug}` },
              createdAt: '2026-01-01T00:00:01+00:00',
            },
          ],
        },
      },
    })
    expect((await gateway.post('{ accessLog { totalCount } }', foreign)).data).toEqual({
      accessLog: { totalCount: 0 },
    })
  })

  test('is closed below level 2', async () => {
    const { gateway, ada } = await logOf(1)
    const key = await gateway.issueKey({ accountId: ada, level: 1 })
    expect((await gateway.post('{ accessLog { totalCount } }', key)).codes).toContain(
      'LEVEL_TOO_LOW',
    )
  })
})
