import { describe, expect, test } from 'vitest'
import { ANONYMOUS_PRINCIPAL, type Principal } from '../../src/auth/principal.ts'
import { formatId, type IdPrefix } from '../../src/ids.ts'
import { BOOKMARK, KEY, PATTERNS, PEOPLE, SETS } from '../support/planned-data.ts'
import { plannedCommunity } from '../support/planned-community.ts'
import { keyOf } from '../support/planned-request.ts'

const community = await plannedCommunity()
const MISSING = '019a0000-0000-7000-8000-00000000ffff'

async function answer(principal: Principal, text: string, variables: object = {}) {
  return JSON.parse((await community.ask(principal, text, { ...variables })).data)
}

interface Profile {
  readonly measurementSets: {
    readonly totalCount: number
    readonly nodes: { readonly id: string }[]
  }
}

function listed(profile: Profile | null): string[] | null {
  return profile?.measurementSets.nodes.map(({ id }) => id) ?? null
}

function named(...uuids: string[]): string[] {
  return uuids.map((uuid) => formatId('set', uuid))
}

/** Who asks, and what they see: what is public, their own beside it, or everything. */
const READERS = {
  anonymous: [ANONYMOUS_PRINCIPAL, 'public'],
  'ben at level 0': [keyOf('ben', { level: 0 }), 'public'],
  'ben at level 1': [keyOf('ben', { level: 1 }), 'own'],
  'ben at level 8, which a user has not': [keyOf('ben', { level: 8 }), 'own'],
  'ben, a curator, at level 4': [keyOf('ben', { level: 4, role: 'curator' }), 'own'],
  'ben, a curator, at level 5': [keyOf('ben', { level: 5, role: 'curator' }), 'all'],
  'ben, an administrator, at level 8': [keyOf('ben', { level: 8, role: 'admin' }), 'all'],
  'ben, restricted': [keyOf('ben', { level: 4, status: 'restricted' }), 'public'],
  'ben without consent': [keyOf('ben', { level: 4, consent: 'none' }), 'public'],
  'ben with consent to account data': [keyOf('ben', { level: 4, consent: 'account' }), 'public'],
} as const satisfies Record<string, readonly [Principal, 'public' | 'own' | 'all']>

const readers = Object.entries(READERS).map(([who, [reader, sees]]) => [who, sees, reader] as const)

describe('one measurement set is seen', () => {
  const ROWS: Readonly<Record<string, readonly string[]>> = {
    [SETS.benPrivate]: ['own', 'all'],
    [SETS.adaPublic]: ['public', 'own', 'all'],
    [SETS.adaBase]: ['all'],
    [SETS.cleoPublic]: ['all'],
    [MISSING]: [],
  }

  test.each(readers)('by %s: %s', async (_who, sees, reader) => {
    for (const [uuid, seenBy] of Object.entries(ROWS)) {
      const id = formatId('set', uuid)
      const found = seenBy.includes(sees) ? { id } : null
      const text =
        'query ($id: ID!) { field: measurementSet(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } other: pattern(id: $id) { id } }'
      expect(await answer(reader, text, { id })).toEqual({
        field: found,
        node: found,
        nodes: [found],
        other: null,
      })
    }
  })

  test.each(readers)('in lists by %s: %s', async (_who, sees, reader) => {
    const text =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on AccountProfile { username measurementSets { totalCount nodes { id } } } } }'
    const ids = [PEOPLE.ada, PEOPLE.ben, PEOPLE.cleo].map((uuid) => formatId('acc', uuid))
    const { nodes } = await answer(reader, text, { ids })
    const all = sees === 'all'
    expect(nodes.map(listed)).toEqual([
      all ? named(SETS.adaBase, SETS.adaHeels, SETS.adaPublic) : named(SETS.adaPublic),
      sees === 'public' ? [] : named(SETS.benPrivate),
      all ? named(SETS.cleoPublic) : null,
    ])
    const counted = nodes.map((profile: Profile | null) => profile?.measurementSets.totalCount)
    expect(counted).toEqual(nodes.map((profile: Profile | null) => listed(profile)?.length))
  })
})

test('the own sets of somebody who reads those of others are closed without consent', async () => {
  const reader = keyOf('ada', { level: 5, role: 'curator', consent: 'account' })
  const text = `{
    own: measurementSet(id: "${formatId('set', SETS.adaPublic)}") { id }
    other: measurementSet(id: "${formatId('set', SETS.benPrivate)}") { id }
    accounts { nodes { measurementSets { totalCount } patterns { totalCount } } }
  }`
  expect(await answer(reader, text)).toEqual({
    own: null,
    other: { id: formatId('set', SETS.benPrivate) },
    accounts: {
      nodes: [0, 1, 1].map((sets) => ({
        measurementSets: { totalCount: sets },
        patterns: { totalCount: 0 },
      })),
    },
  })
})

describe('one pattern is seen', () => {
  test.each(readers)('by %s: %s', async (_who, sees, reader) => {
    const text =
      'query ($open: ID!, $closed: ID!) { open: pattern(id: $open) { name measurementSet { name } } closed: pattern(id: $closed) { name measurementSet { name } } node(id: $closed) { id } }'
    const [open, closed] = [PATTERNS.adaAaron, PATTERNS.adaBrian].map((id) => formatId('pat', id))
    expect(await answer(reader, text, { open, closed })).toEqual({
      open: { name: 'Summer', measurementSet: { name: 'Doll' } },
      closed: sees === 'all' ? { name: 'Block', measurementSet: { name: 'Ada' } } : null,
      node: sees === 'all' ? { id: closed } : null,
    })
  })
})

describe('keys and bookmarks', () => {
  const idsOf = { key: formatId('key', KEY), bkm: formatId('bkm', BOOKMARK) }
  const text = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
  const seen = (...prefixes: IdPrefix[]) =>
    Object.entries(idsOf).map(([prefix, id]) =>
      prefixes.some((name) => name === prefix) ? { id } : null,
    )

  test.each([
    ['anonymous', ANONYMOUS_PRINCIPAL, seen()],
    ['their owner at level 0', keyOf('ada', { level: 0 }), seen()],
    ['their owner at level 1', keyOf('ada', { level: 1 }), seen('bkm')],
    ['their owner at level 2', keyOf('ada', { level: 2 }), seen('bkm', 'key')],
    ['their restricted owner', keyOf('ada', { status: 'restricted' }), seen()],
    ['another user', keyOf('ben', { level: 4 }), seen()],
    ['an administrator', keyOf('ben', { level: 8, role: 'admin' }), seen()],
  ])('are seen by %s as far as they are their own', async (_who, reader, nodes) => {
    expect(await answer(reader, text, { ids: Object.values(idsOf) })).toEqual({ nodes })
  })

  test('are listed to their owner alone', async () => {
    const lists =
      '{ apiKeys { totalCount nodes { name } } bookmarks { totalCount } me { apiKeys { totalCount } } }'
    expect(await answer(keyOf('ada'), lists)).toEqual({
      apiKeys: { totalCount: 1, nodes: [{ name: 'Laptop' }] },
      bookmarks: { totalCount: 1 },
      me: { apiKeys: { totalCount: 1 } },
    })
    expect(await answer(keyOf('ben', { level: 8, role: 'admin' }), lists)).toEqual({
      apiKeys: { totalCount: 0, nodes: [] },
      bookmarks: { totalCount: 0 },
      me: { apiKeys: { totalCount: 0 } },
    })
  })
})

describe('a profile is seen', () => {
  test.each(readers)('by %s: %s', async (_who, sees, reader) => {
    const text =
      '{ ada: account(username: "ADA") { username } cleo: account(username: "cleo") { username } none: account(username: "nobody") { username } }'
    expect(await answer(reader, text)).toEqual({
      ada: { username: 'ada' },
      cleo: sees === 'all' ? { username: 'cleo' } : null,
      none: null,
    })
  })

  test('by its owner, restricted as it is', async () => {
    const cleo = keyOf('cleo', { status: 'restricted' })
    const text = '{ account(username: "cleo") { username measurementSets { totalCount } } }'
    expect(await answer(cleo, text)).toEqual({
      account: { username: 'cleo', measurementSets: { totalCount: 0 } },
    })
  })
})

describe('a base set', () => {
  const HEELS = `query ($id: ID!) { set: measurementSet(id: $id) { baseSet { name } measurements
    measurementList { name inherited } } }`

  test('is merged into a public set, and null to whoever may not see it', async () => {
    const { kysely } = community.database
    const heels = kysely.updateTable('measurement_set').where('id', '=', SETS.adaHeels)
    await heels.set({ public: true }).execute()
    try {
      const id = formatId('set', SETS.adaHeels)
      const measurements = { chest: 914.4, shoulderSlope: 13, waist: 690, waistToFloor: 1100 }
      const measurementList = [
        { name: 'chest', inherited: true },
        { name: 'shoulderSlope', inherited: true },
        { name: 'waist', inherited: false },
        { name: 'waistToFloor', inherited: false },
      ]
      const hidden = { set: { baseSet: null, measurements, measurementList } }
      const shown = { set: { baseSet: { name: 'Ada' }, measurements, measurementList } }
      expect(await answer(ANONYMOUS_PRINCIPAL, HEELS, { id })).toEqual(hidden)
      expect(await answer(keyOf('ben', { level: 4 }), HEELS, { id })).toEqual(hidden)
      expect(await answer(keyOf('ada', { level: 0 }), HEELS, { id })).toEqual(hidden)
      expect(await answer(keyOf('ada', { level: 1 }), HEELS, { id })).toEqual(shown)
      expect(await answer(keyOf('ben', { level: 5, role: 'curator' }), HEELS, { id })).toEqual(
        shown,
      )
    } finally {
      await heels.set({ public: false }).execute()
    }
  })

  test('of somebody else is accepted nowhere', async () => {
    const foreign = community.database.kysely
      .updateTable('measurement_set')
      .set({ base_set_id: SETS.adaPublic })
      .where('id', '=', SETS.benPrivate)
    await expect(foreign.execute()).rejects.toThrow('foreign key')
  })
})
