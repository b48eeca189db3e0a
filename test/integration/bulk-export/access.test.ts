import { describe, expect, test } from 'vitest'
import { bulkDesk } from '../../support/bulk-exports.ts'
import { insertSets } from '../../support/many-sets.ts'
import { signedIn } from '../../support/signed-in.ts'

const ALL = '{ allMeasurementSets { nodes { name owner { username } } } }'

describe('an export goes on only while whoever asked for it may', () => {
  test.each([
    ['closed', { status: 'disabled' }, 'ACCOUNT_BLOCKED'],
    ['without the consent to its measurements', { consent: 'account' }, 'CONSENT_REQUIRED'],
    ['without any consent', { consent: 'none' }, 'CONSENT_REQUIRED'],
  ] as const)('not with an account that is %s', async (_what, change, failure) => {
    const desk = await bulkDesk()
    const { kysely } = desk.gateway.database
    await desk.start()
    const accountChanges = () =>
      kysely.updateTable('account').set(change).where('id', '=', desk.accountId).execute()
    await desk.round(beforePage(desk, 1, accountChanges))
    await kysely.updateTable('account').set({ status: 'active', consent: 'measurements' }).execute()
    expect(await desk.seen()).toMatchObject([{ state: 'FAILED', failure, sets: 200, url: null }])
  })

  test('not with a key that was revoked', async () => {
    const desk = await bulkDesk()
    const { kysely } = desk.gateway.database
    await desk.start()
    const { token } = await signedIn(desk.gateway, desk.accountId)
    const revoke = () =>
      kysely
        .updateTable('api_key')
        .set({ revocation_reason: 'owner', revoked_at: new Date() })
        .where('account_id', '=', desk.accountId)
        .execute()
    await desk.round(beforePage(desk, 0, revoke))
    expect(await desk.seen(token)).toMatchObject([
      { state: 'FAILED', failure: 'CREDENTIAL_ENDED', sets: 100 },
    ])
  })

  test('not with the sets of all once the level has sunk', async () => {
    const desk = await bulkDesk({ level: 8, role: 'admin' })
    const { kysely } = desk.gateway.database
    await desk.start(ALL)
    const sinks = () =>
      kysely
        .updateTable('account')
        .set({ role: 'curator' })
        .where('id', '=', desk.accountId)
        .execute()
    await desk.round(beforePage(desk, 1, sinks))
    const rows = await kysely
      .selectFrom('bulk_export')
      .select(['state', 'failure', 'sets'])
      .execute()
    expect(rows).toEqual([{ state: 'failed', failure: 'level_too_low', sets: 66 }])
  })
})

describe('the sets of all accounts', () => {
  test('are for level 8, and each owner’s log tells of it', async () => {
    const desk = await bulkDesk({ sets: 2, level: 8, role: 'admin' })
    const { gateway } = desk
    const ben = await gateway.account({ username: 'ben' })
    await insertSets(gateway, ben, 150)
    await desk.start(ALL)
    await desk.round()
    const [done] = await desk.seen()
    expect(done).toMatchObject({ state: 'DONE', sets: 152, total: 152 })
    const lines = await desk.lines(done?.url)
    expect(lines).toHaveLength(152)
    expect(lines).toContainEqual({ name: 'Set 149', owner: { username: 'ben' } })
    const logged = await gateway.database.kysely
      .selectFrom('audit')
      .select(['action', 'actor_id'])
      .where('account_id', '=', ben)
      .execute()
    expect(logged).toEqual([{ action: 'read-measurement-sets', actor_id: desk.accountId }])
  })

  test('are refused below, as the query itself would be', async () => {
    const desk = await bulkDesk({ sets: 1, level: 5, role: 'admin' })
    const { codes, status } = await desk.gateway.post(
      `mutation ($query: String!) { startBulkExport(input: { query: $query }) { __typename } }`,
      desk.key,
      { query: ALL },
    )
    expect([status, codes]).toEqual([403, ['LEVEL_TOO_LOW']])
    expect(await desk.seen()).toEqual([])
  })

  test('are an export that lower keys of the account neither see nor cancel', async () => {
    const desk = await bulkDesk({ sets: 1, level: 8, role: 'admin' })
    const { gateway, accountId } = desk
    const lower = await gateway.issueKey({ accountId, level: 7 })
    const id = await desk.start(ALL)
    expect(await desk.seen(lower)).toEqual([])
    const cancel = `mutation { cancelBulkExport(input: { id: "${id}" }) { __typename } }`
    expect((await gateway.post(cancel, lower)).data).toEqual({
      cancelBulkExport: { __typename: 'NotFound' },
    })
    expect(await desk.seen()).toMatchObject([{ state: 'WAITING' }])
  })
})

/** Runs this once the page of this number has been read, before the next one. */
function beforePage(
  { openQuery }: Awaited<ReturnType<typeof bulkDesk>>,
  number: number,
  act: () => Promise<unknown>,
) {
  let page = 0
  return {
    openQuery: (text: string) => {
      const query = openQuery(text)
      if (query === null) return null
      return {
        count: query.count,
        async page(...asked: Parameters<typeof query.page>) {
          const read = await query.page(...asked)
          if (page === number) await act()
          page += 1
          return read
        },
      }
    },
  }
}
