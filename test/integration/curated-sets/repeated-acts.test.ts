import { describe, expect, test } from 'vitest'
import {
  type Belongings,
  type CuratedIds,
  insertBelongings,
  insertCurated,
} from '../../matrix/belongings.ts'
import type { TestGateway, TestGatewayOptions } from '../../support/gateway.ts'
import { AMPLE_ROWS, policiesWith } from '../../support/policies.ts'
import { answered, EN, storedCurated, testCurators, written } from './curators.ts'
import { ACCEPT, CREATE, DECLINE, PUBLISH, RETIRE, SUGGEST, UPDATE } from './documents.ts'

type Own = Belongings & CuratedIds

/** An act of a curator, and inputs with which it comes to what it is for. */
interface CuratedAct {
  readonly document: string
  readonly input: (own: Own) => object
  /** Another input that is as good. */
  readonly other: (own: Own) => object
  /** What takes it back, where doing it twice is the same as once. */
  readonly back?: string
}

const ACTS: Readonly<Record<string, CuratedAct>> = {
  createCuratedSet: {
    document: CREATE,
    input: () => ({ names: EN('Doll') }),
    other: () => ({ names: EN('Other') }),
  },
  updateCuratedSet: {
    document: UPDATE,
    input: ({ draft: id }) => ({ id, version: 1, names: EN('Other') }),
    other: ({ published: id }) => ({ id, version: 1, names: EN('Other') }),
  },
  publishCuratedSet: {
    document: PUBLISH,
    input: ({ retired: id }) => ({ id }),
    other: ({ draft: id }) => ({ id }),
    back: RETIRE,
  },
  retireCuratedSet: {
    document: RETIRE,
    input: ({ published: id }) => ({ id }),
    other: ({ published: id }) => ({ id, version: 2 }),
    back: PUBLISH,
  },
  suggestCuratedSet: {
    document: SUGGEST,
    input: ({ privateSet: set }) => ({ set }),
    other: ({ publicSet: set }) => ({ set }),
  },
  acceptCuratedSetSuggestion: {
    document: ACCEPT,
    input: ({ suggestion: id }) => ({ id, version: 1 }),
    other: ({ suggestion: id }) => ({ id, version: 2 }),
  },
  declineCuratedSetSuggestion: {
    document: DECLINE,
    input: ({ suggestion: id }) => ({ id, reason: 'One is like it.' }),
    other: ({ suggestion: id }) => ({ id, reason: 'There are enough.' }),
  },
}

describe.each(Object.entries(ACTS))('%s', (_name, { document, input, other, back }) => {
  test('needs level 3: below, nothing happens to what is there', async () => {
    const { gateway, curator, own } = await settled()
    const before = await stateOf(gateway)
    const { accountId } = curator
    const weak = await gateway.issueKey({ accountId, level: 2 })
    const refused = await gateway.post(document, weak, { input: input(own) })
    expect(refused).toMatchObject({ status: 403, codes: ['LEVEL_TOO_LOW'] })
    expect(await stateOf(gateway)).toEqual(before)
    const strong = await gateway.issueKey({ accountId, level: 3 })
    const done = await gateway.post(document, strong, { input: input(own) })
    expect(done).toMatchObject({ status: 200, codes: [] })
    expect(await stateOf(gateway)).not.toEqual(before)
  })

  test('does nothing to what is there once the quota is spent', async () => {
    const policies = policiesWith({ ...AMPLE_ROWS, day: { capacity: 1_000 } })
    const { gateway, curator, own } = await settled({ policies })
    await gateway.database.pool.query(
      "insert into quota_budget (partition, subject, drawn, at) values ('day', $1, 995, clock_timestamp())",
      [curator.accountId],
    )
    const before = await stateOf(gateway)
    const { status, codes } = await curator.act(document, { input: input(own) })
    expect([status, codes]).toEqual([429, ['QUOTA_EXCEEDED']])
    expect(await stateOf(gateway)).toEqual(before)
  })

  test('happens once under one Idempotency-Key, and is answered alike again', async () => {
    const { gateway, curator, own } = await settled()
    const before = await stateOf(gateway)
    const first = await curator.act(document, { input: input(own) }, 'once')
    expect([first.status, Object.values(first.data)[0].code]).toEqual([200, undefined])
    const after = await stateOf(gateway)
    expect(after).not.toEqual(before)
    expect(await curator.act(document, { input: input(own) }, 'once')).toEqual(first)
    expect(await stateOf(gateway)).toEqual(after)
  })

  test('is refused under an Idempotency-Key that stood for something else', async () => {
    const { gateway, curator, own } = await settled()
    await curator.act(document, { input: input(own) }, 'once')
    const before = await stateOf(gateway)
    const { status, codes } = await curator.act(document, { input: other(own) }, 'once')
    expect([status, codes]).toEqual([422, ['INPUT_INVALID']])
    expect(await stateOf(gateway)).toEqual(before)
  })

  if (back === undefined) return

  test('under one Idempotency-Key, is not done again once it was taken back', async () => {
    const { gateway, curator, own } = await settled()
    await answered(curator, document, input(own), 'once')
    await answered(curator, back, input(own))
    const before = await stateOf(gateway)
    const again = await answered(curator, document, input(own), 'once')
    expect(again.curatedSet).toMatchObject({ version: 3 })
    expect(await stateOf(gateway)).toEqual(before)
  })
})

/** A curator who owns one of everything, who has drawn on no budget, and curated sets in each state. */
async function settled(options: TestGatewayOptions = {}) {
  const { gateway, curator } = await testCurators(options)
  const { database, vault } = gateway
  const owned = await insertBelongings(database, vault, curator.accountId)
  const own: Own = { ...owned, ...(await insertCurated(database)) }
  return { gateway, curator, own }
}

/** All that acts on curated sets change. */
async function stateOf(gateway: TestGateway): Promise<unknown> {
  const { kysely } = gateway.database
  return [
    await storedCurated(gateway),
    await kysely.selectFrom('curated_suggestion').selectAll().orderBy('id').execute(),
    await kysely.selectFrom('mail').select('id').orderBy('id').execute(),
    await written(gateway),
  ]
}
