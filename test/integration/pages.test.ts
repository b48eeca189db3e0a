import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { formatId } from '../../src/ids.ts'
import { sealRow } from '../../src/vault/seal-row.ts'
import { PEOPLE } from '../support/planned-data.ts'
import { plannedCommunity, refusalOf } from '../support/planned-community.ts'
import { principalNamed } from '../support/planned-request.ts'

const community = await plannedCommunity()
const ada = principalNamed('ada 2')
const MORE = 47
await insertMore()
const ALL = await idsInOrder()

/** Sets whose moments of making and change coincide in groups, so that ids have to break the ties. */
async function insertMore(): Promise<void> {
  const { database, vault } = community
  const rows = Array.from({ length: MORE }, (_, i) => {
    const id = v7()
    const ids = { row: id, owner: PEOPLE.ada }
    return {
      id,
      account_id: PEOPLE.ada,
      ...sealRow(vault, 'measurement_set', ids, { name: `More ${i}` }),
      public: i % 3 === 0,
      created_at: new Date(Date.UTC(2026, 1, 1, 0, Math.floor(i / 5), 0, i % 2)),
      updated_at: new Date(Date.UTC(2026, 2, 1, 0, (i * 7) % 11)),
    }
  })
  await database.kysely.insertInto('measurement_set').values(rows).execute()
}

/** The ids of ada's sets in both orders, as the rows themselves say. */
async function idsInOrder(): Promise<Record<Order, readonly string[]>> {
  const rows = await community.database.kysely
    .selectFrom('measurement_set')
    .select(['id', 'created_at', 'updated_at'])
    .where('account_id', '=', PEOPLE.ada)
    .execute()
  const sorted = (moment: (row: (typeof rows)[number]) => Date) =>
    rows
      .toSorted((a, b) => {
        const apart = moment(a).getTime() - moment(b).getTime()
        return apart === 0 ? a.id.localeCompare(b.id) : apart
      })
      .map(({ id }) => formatId('set', id))
  return {
    CREATED_AT: sorted((row) => row.created_at),
    UPDATED_AT: sorted((row) => row.updated_at),
  }
}

type Order = 'CREATED_AT' | 'UPDATED_AT'

interface Page {
  readonly totalCount: number
  readonly nodes: readonly { readonly id: string }[]
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: DatedOrder!) {
  page: measurementSets(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    totalCount nodes { id } edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`

async function pageOf(variables: Readonly<Record<string, unknown>>): Promise<Page> {
  const { data } = await community.ask(ada, PAGE, { orderBy: 'CREATED_AT', ...variables })
  return JSON.parse(data).page
}

const SIZES = [1, 7, 20, 49, 50, 51, 100]
const ORDERS = ['CREATED_AT', 'UPDATED_AT'] as const
const WALKS = ORDERS.flatMap((orderBy) => SIZES.map((size) => [orderBy, size] as const))

describe('a walk', () => {
  test.each(WALKS)('forward by %s, %d at a time, meets every item once', async (orderBy, first) => {
    const pages: Page[] = []
    for (let after: string | null = null; ;) {
      const page: Page = await pageOf({ orderBy, first, after })
      pages.push(page)
      after = page.pageInfo.endCursor
      if (!page.pageInfo.hasNextPage) break
    }
    expect(pages.flatMap(({ nodes }) => nodes.map(({ id }) => id))).toEqual(ALL[orderBy])
    expect(pages).toHaveLength(Math.ceil(ALL[orderBy].length / first))
    expect(pages.map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual(
      pages.map((_, i) => i > 0),
    )
  })

  test.each(WALKS)(
    'backward by %s, %d at a time, meets them the other way',
    async (orderBy, last) => {
      const pages: Page[] = []
      for (let before: string | null = null; ;) {
        const page: Page = await pageOf({ orderBy, last, before })
        pages.unshift(page)
        before = page.pageInfo.startCursor
        if (!page.pageInfo.hasPreviousPage) break
      }
      expect(pages.flatMap(({ nodes }) => nodes.map(({ id }) => id))).toEqual(ALL[orderBy])
      expect(pages).toHaveLength(Math.ceil(ALL[orderBy].length / last))
      expect(pages.map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual(
        pages.map((_, i) => i < pages.length - 1),
      )
    },
  )
})

describe('a page', () => {
  test('holds 20 items where no size is given, and counts all', async () => {
    const page = await pageOf({})
    expect(page.nodes.map(({ id }) => id)).toEqual(ALL.CREATED_AT.slice(0, 20))
    expect(page.totalCount).toBe(MORE + 3)
  })

  test('has the same items in nodes and edges, and its ends in pageInfo', async () => {
    const { nodes, edges, pageInfo } = await pageOf({ last: 5 })
    expect(edges.map(({ node }) => node)).toEqual(nodes)
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]?.cursor, edges[4]?.cursor])
  })

  test('lies between two cursors: ahead it looks as far as the other, behind it looks beyond', async () => {
    const { edges } = await pageOf({ first: 10 })
    const between = { after: edges[2]?.cursor, before: edges[8]?.cursor }
    const seen = async (size: object) => {
      const { nodes, pageInfo, totalCount } = await pageOf({ ...between, ...size })
      const places = nodes.map(({ id }) => ALL.CREATED_AT.indexOf(id))
      return [places, pageInfo.hasPreviousPage, pageInfo.hasNextPage, totalCount]
    }
    expect(await seen({})).toEqual([[3, 4, 5, 6, 7], true, false, MORE + 3])
    expect(await seen({ first: 5 })).toEqual([[3, 4, 5, 6, 7], true, false, MORE + 3])
    expect(await seen({ first: 2 })).toEqual([[3, 4], true, true, MORE + 3])
    expect(await seen({ last: 5 })).toEqual([[3, 4, 5, 6, 7], false, true, MORE + 3])
    expect(await seen({ last: 2 })).toEqual([[6, 7], true, true, MORE + 3])
  })

  test('is empty behind the last item, and says that items precede', async () => {
    const after = (await pageOf({ last: 1 })).pageInfo.endCursor
    const { nodes, edges, pageInfo } = await pageOf({ after })
    expect([nodes, edges]).toEqual([[], []])
    expect(pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: null,
      endCursor: null,
    })
  })

  test('is empty between cursors that stand the wrong way round', async () => {
    const { edges } = await pageOf({ first: 5 })
    const page = await pageOf({ after: edges[4]?.cursor, before: edges[0]?.cursor })
    expect(page.nodes).toEqual([])
  })

  test('goes on behind an item that is there no more', async () => {
    const page = await pageOf({ first: 3 })
    const [tag, , key] = Buffer.from(page.edges[1]?.cursor ?? '', 'base64url')
      .toString()
      .split(':')
    const gone = formatId('set', '00000000-0000-7000-8000-000000000000').slice('set_'.length)
    const after = Buffer.from(`${tag}:${gone}:${key}`).toString('base64url')
    expect((await pageOf({ after, first: 1 })).nodes).toEqual([page.nodes[1]])
  })

  test('reads the same from literals, variables and defaults of variables', async () => {
    const { endCursor } = (await pageOf({ first: 3 })).pageInfo
    const texts = [
      [
        `{ page: measurementSets(first: 4, after: "${endCursor}", orderBy: CREATED_AT) { nodes { id } } }`,
      ],
      [
        `query ($n: Int, $after: String, $order: DatedOrder!) { page: measurementSets(first: $n, after: $after, orderBy: $order) { nodes { id } } }`,
        { n: 4, after: endCursor, order: 'CREATED_AT' },
      ],
      [
        `query ($n: Int = 4, $after: String = "${endCursor}", $order: DatedOrder = CREATED_AT) { page: measurementSets(first: $n, after: $after, orderBy: $order) { nodes { id } } }`,
      ],
      [
        `query ($none: Int, $gone: String) { page: measurementSets(first: 4, after: "${endCursor}", last: $none, before: $gone) { nodes { id } } }`,
        { none: null },
      ],
    ] as const
    const answers = await Promise.all(
      texts.map(async ([text, variables = {}]) => (await community.ask(ada, text, variables)).data),
    )
    const nodes = ALL.CREATED_AT.slice(3, 7).map((id) => ({ id }))
    expect(answers.map((data) => JSON.parse(data))).toEqual(texts.map(() => ({ page: { nodes } })))
  })
})

describe('a page is refused', () => {
  const BAD_SIZES = [
    ['(first: 0)', 'first'],
    ['(first: -1)', 'first'],
    ['(first: 101)', 'first'],
    ['(last: 0)', 'last'],
    ['(last: -2147483648)', 'last'],
    ['(first: 1, last: 1)', 'last'],
  ] as const

  test.each(BAD_SIZES)('for %s', async (size, argument) => {
    const text = `{ sets: measurementSets${size} { totalCount } }`
    expect(await refusalOf(community.ask(ada, text))).toEqual([
      { code: 'PAGE_SIZE_INVALID', path: 'sets', argument },
    ])
  })

  test('for all its problems at once, each with its path', async () => {
    const text = `query ($n: Int = 101, $after: String) {
      measurementSets(first: $n, after: $after) { nodes { p: patterns(last: 0) { totalCount } } }
      me { bookmarks(first: 1, last: 1, before: "?") { totalCount } }
      nodes(ids: [${'"x" '.repeat(21)}]) { id }
    }`
    expect(await refusalOf(community.ask(ada, text, { after: 'nowhere' }))).toEqual([
      { code: 'PAGE_SIZE_INVALID', path: 'measurementSets', argument: 'first' },
      { code: 'CURSOR_INVALID', path: 'measurementSets', argument: 'after' },
      { code: 'PAGE_SIZE_INVALID', path: 'measurementSets.nodes.p', argument: 'last' },
      { code: 'PAGE_SIZE_INVALID', path: 'me.bookmarks', argument: 'last' },
      { code: 'CURSOR_INVALID', path: 'me.bookmarks', argument: 'before' },
      { code: 'INPUT_INVALID', path: 'nodes', argument: 'ids' },
    ])
  })

  test('with its path as the answer has it, whatever type an id has there', async () => {
    const id = formatId('set', v7())
    const text = `{ node(id: "${id}") { ... on MeasurementSet { p: patterns(first: 0) { totalCount } } } }`
    expect(await refusalOf(community.ask(ada, text))).toEqual([
      { code: 'PAGE_SIZE_INVALID', path: 'node.p', argument: 'first' },
    ])
  })

  test('for a cursor of another order or another list, and not for its own', async () => {
    const { edges } = await pageOf({ first: 1 })
    const after = edges[0]?.cursor
    const invalid = { code: 'CURSOR_INVALID', argument: 'after' }
    expect(await refusalOf(pageOf({ after }))).toEqual([])
    expect(await refusalOf(pageOf({ after, orderBy: 'UPDATED_AT' }))).toEqual([
      { ...invalid, path: 'page' },
    ])
    const text = `query ($after: String) { patterns(after: $after) { totalCount } }`
    expect(await refusalOf(community.ask(ada, text, { after }))).toEqual([
      { ...invalid, path: 'patterns' },
    ])
  })
})

describe('nodes', () => {
  const [first = '', second = ''] = ALL.CREATED_AT
  const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'

  test('come in the order of the ids, twice where asked twice, null where nothing is named', async () => {
    const ids = [second, 'nothing', first, second, formatId('pat', PEOPLE.ada)]
    expect(JSON.parse((await community.ask(ada, NODES, { ids })).data)).toEqual({
      nodes: [{ id: second }, null, { id: first }, { id: second }, null],
    })
  })

  test('are none for no ids, and 20 at most', async () => {
    expect((await community.ask(ada, NODES, { ids: [] })).data).toBe('{"nodes":[]}')
    const ids = Array.from({ length: 20 }, () => first)
    expect(JSON.parse((await community.ask(ada, NODES, { ids })).data).nodes).toHaveLength(20)
    expect(await refusalOf(community.ask(ada, NODES, { ids: [...ids, first] }))).toEqual([
      { code: 'INPUT_INVALID', path: 'nodes', argument: 'ids' },
    ])
  })
})
