import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { LEVELS } from '../../src/auth/access.ts'
import { ANONYMOUS_PRINCIPAL, type Principal } from '../../src/auth/principal.ts'
import { compileOperation } from '../../src/schema/plan/operation.ts'
import { schema } from '../../src/schema/schema.ts'
import { plannedCommunity, refusalOf } from '../support/planned-community.ts'
import { keyOf } from '../support/planned-request.ts'
import { RATE_LIMIT } from '../support/rate-limit.ts'

const community = await plannedCommunity()

async function answer(principal: Principal, text: string, variables: object = {}) {
  return JSON.parse((await community.ask(principal, text, { ...variables })).data)
}

describe('access', () => {
  const EVERYTHING = `{
    me { id mine: email measurementSets { nodes { id } } patterns { nodes { id } } bookmarks { nodes { id } } }
    accounts { nodes { id } }
    node(id: "x") { id ... on ApiKey { name } ... on Bookmark { title } }
  }`
  const SCOPES = {
    me: ['self'],
    'me.id': ['self'],
    'me.mine': ['own-account:read', 2],
    'me.measurementSets': ['own-sets:read', 1],
    'me.patterns': ['own-patterns:read', 1],
    'me.bookmarks': ['own-bookmarks:read', 1],
    'me.bookmarks.nodes.id': ['own-bookmarks:read', 1],
    accounts: ['accounts:read', 5],
    'node.name': ['own-keys:read', 2],
    'node.title': ['own-bookmarks:read', 1],
  } as const

  test('is refused to anonymous callers for every path that is not public', async () => {
    const problems = Object.entries(SCOPES).map(([path, [scope]]) => ({
      code: 'UNAUTHENTICATED',
      path,
      scope,
    }))
    expect(await refusalOf(community.ask(ANONYMOUS_PRINCIPAL, EVERYTHING))).toEqual(problems)
    expect(await refusalOf(community.ask(ANONYMOUS_PRINCIPAL, '{ me { id } }'))).toMatchObject([
      { code: 'UNAUTHENTICATED', path: 'me' },
      { code: 'UNAUTHENTICATED', path: 'me.id' },
    ])
  })

  test.each(LEVELS)('of level %d opens what it reaches, and names the rest', async (level) => {
    for (const role of ['user', 'curator', 'admin'] as const) {
      const principal = keyOf('ada', { level, role })
      const levelHeld = principal.standing.level ?? 0
      const problems = Object.entries(SCOPES).flatMap(([path, [scope, levelNeeded = 0]]) =>
        levelNeeded <= levelHeld
          ? []
          : [{ code: 'LEVEL_TOO_LOW', path, scope, levelNeeded, levelHeld }],
      )
      expect(await refusalOf(community.ask(principal, EVERYTHING))).toEqual(problems)
    }
  })

  test.each([
    ['restricted by its owner', { status: 'restricted' }, 'ACCOUNT_BLOCKED'],
    ['disabled by an administrator', { status: 'disabled' }, 'ACCOUNT_BLOCKED'],
    ['not confirmed', { status: 'inactive' }, 'ACCOUNT_BLOCKED'],
    ['without any consent', { consent: 'none' }, 'CONSENT_REQUIRED'],
    ['blocked and without consent', { status: 'disabled', consent: 'none' }, 'ACCOUNT_BLOCKED'],
  ] as const)('of an account %s is who am I, and says why', async (_what, state, code) => {
    const principal = keyOf('ada', { level: 8, role: 'admin', ...state })
    expect(await answer(principal, '{ me { id username status consent } }')).toMatchObject({
      me: { username: 'ada' },
    })
    const refused = await refusalOf(community.ask(principal, EVERYTHING))
    const paths = Object.entries(SCOPES).filter(([, [, level = 0]]) => level > 0)
    expect(refused).toEqual(paths.map(([path, [scope]]) => ({ code, path, scope })))
  })

  test('of an account without consent to measurements ends at sets and patterns', async () => {
    const principal = keyOf('ada', { level: 4, consent: 'account' })
    const text =
      '{ me { email measurementSets { totalCount } p: patterns { totalCount } bookmarks { totalCount } } measurementSets { totalCount } }'
    expect(await refusalOf(community.ask(principal, text))).toEqual([
      { code: 'CONSENT_REQUIRED', path: 'me.measurementSets', scope: 'own-sets:read' },
      { code: 'CONSENT_REQUIRED', path: 'me.p', scope: 'own-patterns:read' },
      { code: 'CONSENT_REQUIRED', path: 'measurementSets', scope: 'own-sets:read' },
    ])
  })

  test('is not refused for what switches leave out', async () => {
    const text = 'query ($all: Boolean!) { version accounts @include(if: $all) { totalCount } }'
    expect(await refusalOf(community.ask(ANONYMOUS_PRINCIPAL, text, { all: false }))).toEqual([])
    expect(await refusalOf(community.ask(ANONYMOUS_PRINCIPAL, text, { all: true }))).toHaveLength(1)
  })
})

describe('a plan made for one standing', () => {
  const document = parse('{ me { id email } accounts { nodes { username } } }')
  const strong = keyOf('ada', { level: 5, role: 'curator' })
  const plan = compileOperation(schema, document).plan(strong.standing, {})

  test.each([
    ['anonymous', ANONYMOUS_PRINCIPAL],
    ['a lower level', keyOf('ada', { level: 4 })],
    ['a lower role', keyOf('ada', { level: 5, role: 'user' })],
    ['a restricted account', keyOf('ada', { level: 5, role: 'curator', status: 'restricted' })],
  ] as const)(
    'throws when it runs for %s, before the database is asked',
    async (_who, principal) => {
      const { vault } = community
      const database = new Proxy(community.database, {
        get: () => expect.fail('The database was asked.'),
      })
      const answered = plan.run({
        principal,
        variables: {},
        database,
        vault,
        rateLimit: RATE_LIMIT,
      })
      await expect(answered).rejects.toThrow('does not hold its scopes')
    },
  )

  test('runs for an equal one', async () => {
    const { database, vault } = community
    const answered = await plan.run({
      principal: strong,
      variables: {},
      database,
      vault,
      rateLimit: RATE_LIMIT,
    })
    expect(JSON.parse(answered.data).me.email).toBe('ada@example.org')
  })
})
