import { describe, expect, test } from 'vitest'

import { DESIGNS } from '../../../src/database/designs.ts'
import { formatId } from '../../../src/ids.ts'
import { MEASUREMENT_NAMES } from '../../../src/measurements/definitions.ts'
import { plannedCommunity, refusalOf } from '../../support/planned-community.ts'
import { CURATED, PATTERNS, SETS } from '../../support/planned-data.ts'
import { keyOf, principalNamed } from '../../support/planned-request.ts'

const community = await plannedCommunity()
const anybody = principalNamed('anonymous')
const ada = principalNamed('ada 1')
const CODES = DESIGNS.map(({ code }) => code)

async function ask(text: string, given: object = {}, principal = anybody) {
  return JSON.parse((await community.ask(principal, text, { ...given })).data)
}

function inOrder(names: readonly string[]): readonly string[] {
  return MEASUREMENT_NAMES.filter((name) => names.includes(name))
}

describe('designs', () => {
  interface Page {
    readonly nodes: readonly { readonly code: string }[]
    readonly pageInfo: Readonly<Record<string, unknown>>
  }

  const FIELDS = 'code name version description measurements optionalMeasurements'

  test('are those of the release, by code, with their measurements in the order of their bits', async () => {
    const { designs } = await ask(`{ designs(first: 100) { totalCount nodes { ${FIELDS} } } }`)
    expect(designs.totalCount).toBe(DESIGNS.length)
    expect(designs.nodes).toEqual(
      DESIGNS.map((design) => ({
        ...design,
        measurements: inOrder(design.measurements),
        optionalMeasurements: inOrder(design.optionalMeasurements),
      })),
    )
  })

  test.each([
    ['forwards', 'first', 'after', 'endCursor', 'hasNextPage'],
    ['backwards', 'last', 'before', 'startCursor', 'hasPreviousPage'],
  ])('are met once each on a walk %s', async (_way, size, side, cursor, more) => {
    const met: string[] = []
    for (let at: string | null = null; ;) {
      const text = `query ($at: String) { designs(${size}: 9, ${side}: $at) { nodes { code } pageInfo { ${cursor} ${more} } } }`
      const page: Page = (await ask(text, { at })).designs
      const codes = page.nodes.map(({ code }) => code)
      if (size === 'first') met.push(...codes)
      else met.unshift(...codes)
      at = String(page.pageInfo[cursor])
      if (page.pageInfo[more] !== true) break
    }
    expect(met).toEqual(CODES)
  })

  test('know what lies beyond the cursor of a page', async () => {
    const { designs } = await ask('{ designs(first: 3) { edges { cursor node { code } } } }')
    const text =
      'query ($at: String) { designs(first: 1, after: $at) { nodes { code } pageInfo { hasPreviousPage } } }'
    const page = (await ask(text, { at: designs.edges[2].cursor })).designs
    expect(page).toEqual({ nodes: [{ code: CODES[3] }], pageInfo: { hasPreviousPage: true } })
  })

  test('take no cursor of another list', async () => {
    const { curatedSets } = await ask('{ curatedSets(first: 1) { pageInfo { endCursor } } }')
    const text = 'query ($at: String) { designs(after: $at) { totalCount } }'
    const refusal = community.ask(anybody, text, { at: curatedSets.pageInfo.endCursor })
    expect(await refusalOf(refusal)).toEqual([
      { code: 'CURSOR_INVALID', path: 'designs', argument: 'after' },
    ])
  })
})

test('a design is found by its code, and by nothing that is near it', async () => {
  const text = '{ a: design(code: "aaron") { code } b: design(code: "Aaron") { code } }'
  expect(await ask(text)).toEqual({ a: { code: 'aaron' }, b: null })
})

describe('designs that fit a set', () => {
  const TEXT = 'query ($id: ID) { designs(first: 100, fitting: $id) { totalCount nodes { code } } }'
  // What needs nothing fits every set that is there.
  const NEEDLESS = DESIGNS.filter(({ measurements }) => measurements.length === 0).length

  async function fitting(id: string, principal = anybody): Promise<number> {
    const { designs } = await ask(TEXT, { id }, principal)
    expect(designs.nodes).toHaveLength(designs.totalCount)
    return designs.totalCount
  }

  test.each([
    ['a public set', SETS.adaPublic],
    ['a published curated set', CURATED.doll],
  ])('are told of %s, to anybody', async (what, uuid) => {
    const id = formatId(what.includes('curated') ? 'cur' : 'set', uuid)
    expect(NEEDLESS).toBeGreaterThan(0)
    expect(await fitting(id)).toBeGreaterThanOrEqual(NEEDLESS)
  })

  test('are told of a private set to its owner and to staff', async () => {
    const id = formatId('set', SETS.adaBase)
    expect(await fitting(id, ada)).toBeGreaterThanOrEqual(NEEDLESS)
    expect(await fitting(id, principalNamed('ben 5'))).toBeGreaterThanOrEqual(NEEDLESS)
  })

  test.each([
    ['a private set, to a stranger', formatId('set', SETS.adaBase), principalNamed('ben 2')],
    ['a private set, to nobody known', formatId('set', SETS.adaBase), anybody],
    ['an own set, to a key of level 0', formatId('set', SETS.adaBase), keyOf('ada', { level: 0 })],
    ['a public set of an account that is closed', formatId('set', SETS.cleoPublic), ada],
    ['a curated set that is a draft', formatId('cur', CURATED.draft), ada],
    ['a set that is missing', formatId('set', PATTERNS.adaAaron), ada],
    ['a set under the prefix of a curated one', formatId('cur', SETS.adaPublic), ada],
    ['a curated set under the prefix of a set', formatId('set', CURATED.doll), ada],
    ['something that is no set', formatId('pat', PATTERNS.adaAaron), ada],
    ['something that is no id', 'x', ada],
  ])('are none for %s', async (_what, id, principal) => {
    expect(await fitting(id, principal)).toBe(0)
  })

  test('are all where no set is named', async () => {
    const { designs } = await ask(TEXT, { id: null })
    expect(designs.totalCount).toBe(DESIGNS.length)
  })

  test('are told with the bits of a base set that the caller does not see', async () => {
    const { database } = community
    const base = SETS.adaBase
    await database.kysely
      .updateTable('measurement_set')
      .set({ base_set_id: base, measured: '0' })
      .where('id', '=', SETS.adaPublic)
      .execute()
    await database.kysely
      .updateTable('measurement_set')
      .set({ measured: (2n ** BigInt(MEASUREMENT_NAMES.length) - 1n).toString() })
      .where('id', '=', base)
      .execute()
    expect(await fitting(formatId('set', base))).toBe(0)
    expect(await fitting(formatId('set', SETS.adaPublic))).toBe(DESIGNS.length)
  })
})

test('a design that this release does not know is left out of what fits, as its price says', async () => {
  await community.database.kysely
    .insertInto('design')
    .values({ code: 'zz-new', name: 'New', version: '9', required: '0', optional: '0' })
    .execute()
  const { data, counted } = await community.ask(
    ada,
    `{ measurementSet(id: "${formatId('set', SETS.adaBase)}") { fittingDesigns { design { code } } } }`,
  )
  expect(JSON.parse(data).measurementSet.fittingDesigns).toHaveLength(DESIGNS.length)
  expect(counted['measurementSet.fittingDesigns']).toBe(DESIGNS.length)
})
