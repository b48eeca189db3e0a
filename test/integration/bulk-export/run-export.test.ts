import { describe, expect, test } from 'vitest'
import { bulkDesk, type BulkDesk, QUERY } from '../../support/bulk-exports.ts'

/** All nodes of the list, by pages of an ordinary query. */
async function paginated({ gateway, key }: BulkDesk): Promise<readonly unknown[]> {
  const nodes: unknown[] = []
  let after: string | null = null
  do {
    const { data } = await gateway.post(
      'query ($after: String) { measurementSets(first: 100, after: $after) { nodes { id name measurements } pageInfo { hasNextPage endCursor } } }',
      key,
      { after },
    )
    const { measurementSets: page } = data as {
      readonly measurementSets: {
        readonly nodes: readonly unknown[]
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
      }
    }
    nodes.push(...page.nodes)
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (after !== null)
  return nodes
}

/** A reader that runs `before` in front of each page, by its number in this process. */
function watching({ openQuery }: BulkDesk, before: (page: number) => unknown) {
  let page = 0
  return {
    openQuery: (text: string) => {
      const query = openQuery(text)
      if (query === null) return null
      return {
        count: query.count,
        async page(...asked: Parameters<typeof query.page>) {
          await before(page)
          page += 1
          return query.page(...asked)
        },
      }
    },
  }
}

describe('an export', () => {
  test('is, line by line, what the paginated query answers', async () => {
    const desk = await bulkDesk()
    await desk.start()
    await desk.round()
    const [done] = await desk.seen()
    expect(done).toMatchObject({ state: 'DONE', sets: 250, total: 250, failure: null })
    const lines = await desk.lines(done?.url)
    expect(lines).toHaveLength(250)
    expect(lines).toEqual(await paginated(desk))
    expect(desk.failures).toEqual([])
  })

  test('has fewer sets in a page the more each of them brings along', async () => {
    const desk = await bulkDesk({ sets: 45 })
    await desk.start('{ measurementSets { nodes { id name } } }')
    let pages = 0
    await desk.round(watching(desk, () => (pages += 1)))
    const [done] = await desk.seen()
    expect(await desk.lines(done?.url)).toHaveLength(45)
    expect(pages).toBe(1)
    await desk.start('{ measurementSets { nodes { id owner { id } baseSet { baseSet { id } } } } }')
    await desk.round(watching(desk, () => (pages += 1)))
    expect(await desk.lines((await desk.seen())[1]?.url)).toHaveLength(45)
    expect(pages).toBeGreaterThan(2)
  })

  test('of nothing is an empty file', async () => {
    const desk = await bulkDesk({ sets: 0 })
    await desk.start()
    await desk.round()
    const [done] = await desk.seen()
    expect(done).toMatchObject({ state: 'DONE', sets: 0, total: 0 })
    expect(await desk.lines(done?.url)).toEqual([])
  })

  test('that was stopped between two pages goes on where it was, without doubles or gaps', async () => {
    const desk = await bulkDesk({ sets: 350 })
    await desk.start()
    const end = new AbortController()
    await desk.round(
      watching(desk, (page) => page === 1 && end.abort()),
      end.signal,
    )
    expect(await desk.seen()).toMatchObject([
      { state: 'RUNNING', sets: 200, total: 350, url: null },
    ])
    await desk.round()
    const [done] = await desk.seen()
    expect(await desk.lines(done?.url)).toEqual(await paginated(desk))
  })

  test('whose gateway died is left to it until its claim has run out, then another goes on', async () => {
    const desk = await bulkDesk()
    const { kysely } = desk.gateway.database
    await desk.start()
    await desk.round(
      watching(desk, (page) => {
        if (page === 1) throw new Error('Dead.')
      }),
    )
    expect(desk.failures).toHaveLength(1)
    await desk.round()
    expect(await desk.seen()).toMatchObject([{ state: 'RUNNING', sets: 100 }])
    await kysely
      .updateTable('bulk_export')
      .set({ claimed_until: new Date(0) })
      .execute()
    await desk.round()
    const [done] = await desk.seen()
    expect(await desk.lines(done?.url)).toEqual(await paginated(desk))
  })

  test('holds a page once, where it was written and the cursor was not', async () => {
    const desk = await bulkDesk()
    const { kysely } = desk.gateway.database
    await desk.start()
    await desk.round(
      watching(desk, (page) => {
        if (page === 2) throw new Error('Dead.')
      }),
    )
    const [first] = await kysely
      .selectFrom('bulk_export_page')
      .selectAll()
      .where('number', '=', 1)
      .execute()
    if (first === undefined) throw new Error('There is no second page.')
    await kysely
      .insertInto('bulk_export_page')
      .values({ ...first, id: crypto.randomUUID(), number: 2 })
      .execute()
    await kysely
      .updateTable('bulk_export')
      .set({ claimed_until: new Date(0) })
      .execute()
    await desk.round()
    const [done] = await desk.seen()
    expect(await desk.lines(done?.url)).toEqual(await paginated(desk))
  })

  test('is made by one of two gateways that look at the same time', async () => {
    const desk = await bulkDesk()
    await desk.start()
    let pages = 0
    const over = watching(desk, () => (pages += 1))
    await Promise.all([desk.round(over), desk.round(over)])
    expect(pages).toBe(3)
    const [done] = await desk.seen()
    expect(await desk.lines(done?.url)).toEqual(await paginated(desk))
  })

  test('that fails again and again is given up', async () => {
    const desk = await bulkDesk({ sets: 1 })
    const { kysely } = desk.gateway.database
    await desk.start()
    for (let round = 0; round < 10; round += 1) {
      expect(await desk.seen()).toMatchObject([{ failure: null }])
      await desk.round(
        watching(desk, () => {
          throw new Error('A defect.')
        }),
      )
      await kysely
        .updateTable('bulk_export')
        .set({ claimed_until: new Date(0) })
        .where('claim', 'is not', null)
        .execute()
    }
    expect(await desk.seen()).toMatchObject([{ state: 'FAILED', failure: 'INTERNAL' }])
  })

  test('of a query that is not accepted any more fails', async () => {
    const desk = await bulkDesk({ sets: 1 })
    await desk.start()
    await desk.round({ openQuery: () => null })
    expect(await desk.seen()).toMatchObject([{ state: 'FAILED', failure: 'QUERY_INVALID' }])
  })

  test('that is cancelled while a page is read stays cancelled, and leaves nothing of its file', async () => {
    const desk = await bulkDesk()
    const { gateway, key } = desk
    const id = await desk.start()
    const cancel = `mutation { cancelBulkExport(input: { id: "${id}" }) {
      ... on CancelBulkExportPayload { bulkExport { state } } } }`
    await desk.round(watching(desk, (page) => page === 1 && gateway.post(cancel, key)))
    expect(await desk.seen()).toMatchObject([{ state: 'CANCELLED', sets: 100, url: null }])
    await desk.round()
    const left = await gateway.database.kysely.selectFrom('bulk_export_page').selectAll().execute()
    expect(left).toEqual([])
    expect((await gateway.post(cancel, key)).data).toMatchObject({
      cancelBulkExport: { bulkExport: { state: 'CANCELLED' } },
    })
    expect(await desk.start(QUERY)).toMatch(/^exp_/)
  })
})
