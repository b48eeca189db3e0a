import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { sealAsked } from '../../../src/community/bulk-export/export-row.ts'
import { formatId } from '../../../src/ids.ts'
import { QUERY } from '../../support/bulk-exports.ts'
import type { TestGateway, TestGatewayOptions } from '../../support/gateway.ts'
import { AMPLE_ROWS, policiesWith } from '../../support/policies.ts'
import { testWriters } from '../../support/writers.ts'

const EXPORT = 'bulkExport { id state } } ... on Problem { code } } }'

const ACTS = {
  startBulkExport: {
    document: `mutation ($input: StartBulkExportInput!) { startBulkExport(input: $input) {
      __typename ... on StartBulkExportPayload { ${EXPORT}`,
    /** Whether there is an export under way, that it is about. */
    isOfOne: false,
    input: () => ({ query: QUERY }),
    other: () => ({ query: '{ measurementSets { nodes { id } } }' }),
  },
  cancelBulkExport: {
    document: `mutation ($input: CancelBulkExportInput!) { cancelBulkExport(input: $input) {
      __typename ... on CancelBulkExportPayload { ${EXPORT}`,
    isOfOne: true,
    input: (id: string) => ({ id }),
    other: () => ({ id: formatId('exp', v7()) }),
  },
}

describe.each(Object.entries(ACTS))('%s', (name, { document, isOfOne, input, other }) => {
  /** Somebody who may do it, who has drawn on no budget. */
  async function ready(options: TestGatewayOptions = {}) {
    const { gateway, writer } = await testWriters(options)
    const ada = await writer('ada', { level: 1 })
    const id = isOfOne ? await insertWaiting(gateway, ada.accountId) : ''
    const state = async () => [await storedExports(gateway), await told(gateway)]
    return { gateway, ada, state, input: input(id), other: other() }
  }

  test('needs level 1: below, nothing happens', async () => {
    const desk = await ready()
    const { gateway, state } = desk
    const { accountId } = desk.ada
    const before = await state()
    const weak = await gateway.issueKey({ accountId, level: 0 })
    const refused = await gateway.post(document, weak, { input: desk.input })
    expect(refused).toMatchObject({ status: 403, codes: ['LEVEL_TOO_LOW'] })
    expect(await state()).toEqual(before)
    const strong = await gateway.issueKey({ accountId, level: 1 })
    const done = await gateway.post(document, strong, { input: desk.input })
    expect(done).toMatchObject({ status: 200, codes: [] })
    expect(await state()).not.toEqual(before)
  })

  test.each([
    ['day', 'QUOTA_EXCEEDED', { day: { capacity: 1_000 } }],
    [
      'burst',
      'RATE_LIMITED',
      { burst: { capacity: 1_000, restorePerSecond: 0.001 }, ceiling: 1_000 },
    ],
  ])('does nothing once the %s is spent: %s', async (partition, code, rows) => {
    const { gateway, ada, state, ...desk } = await ready({
      policies: policiesWith({ ...AMPLE_ROWS, ...rows }),
    })
    await gateway.database.pool.query(
      'insert into quota_budget (partition, subject, drawn, at) values ($1, $2, 995, clock_timestamp())',
      [partition, ada.accountId],
    )
    const before = await state()
    const { status, codes } = await ada.act(document, { input: desk.input })
    expect([status, codes]).toEqual([429, [code]])
    expect(await state()).toEqual(before)
  })

  test('happens once under one Idempotency-Key, and is answered alike again', async () => {
    const { gateway, ada, state, ...desk } = await ready()
    const first = await ada.act(document, { input: desk.input }, 'once')
    expect(first.data[name].bulkExport.state).toBe(isOfOne ? 'CANCELLED' : 'WAITING')
    const after = await state()
    expect(await ada.act(document, { input: desk.input }, 'once')).toEqual(first)
    expect(await state()).toEqual(after)
    await gateway.database.kysely.deleteFrom('bulk_export').execute()
    const gone = { [name]: { ...first.data[name], bulkExport: null } }
    expect((await ada.act(document, { input: desk.input }, 'once')).data).toEqual(gone)
    expect(await storedExports(gateway)).toEqual([])
  })

  test('is refused under an Idempotency-Key that stood for something else', async () => {
    const { ada, state, ...desk } = await ready()
    await ada.act(document, { input: desk.input }, 'once')
    const before = await state()
    const { status, codes } = await ada.act(document, { input: desk.other }, 'once')
    expect([status, codes]).toEqual([422, ['INPUT_INVALID']])
    expect(await state()).toEqual(before)
  })
})

/** The id of an export that no request has asked for. */
async function insertWaiting({ database, vault }: TestGateway, owner: string): Promise<string> {
  const id = v7()
  const dated = { created_at: new Date(), worked_at: new Date() }
  await database.kysely
    .insertInto('bulk_export')
    .values({
      id,
      account_id: owner,
      credential_kind: 'key',
      level: 1,
      is_all: false,
      ...sealAsked(vault, { row: id, owner }, { query: QUERY, url: null }),
      ...dated,
    })
    .execute()
  return formatId('exp', id)
}

function storedExports({ database }: TestGateway) {
  return database.kysely.selectFrom('bulk_export').selectAll().orderBy('id').execute()
}

function told({ database }: TestGateway) {
  return database.kysely.selectFrom('audit').select(['action', 'subject']).orderBy('id').execute()
}
