import { getNamedType } from 'graphql'
import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { formatId } from '../../../src/ids.ts'
import { schema } from '../../../src/schema/schema.ts'
import { idArgumentsOf } from '../../matrix/argument-cells.ts'
import { addPrincipal, addStranger, type Place } from '../../matrix/community.ts'
import { insertCurated } from '../../matrix/belongings.ts'
import { MUTATIONS } from '../../matrix/inputs.ts'
import { PUBLIC_URL, testGateway } from '../../support/gateway.ts'
import { literal } from '../../support/graphql-literal.ts'
import { recordStatements } from '../../support/recorded-statements.ts'

const { database, vault, send } = await testGateway()
const recorded = recordStatements(database.pool)
const place: Place = { database, vault, publicUrl: PUBLIC_URL }
const curated = await insertCurated(database)
const stranger = await addStranger(place, 'stranger')
const { headers, person: own } = await addPrincipal(place, {
  name: 'a session of a user',
  presents: { kind: 'session', life: 'fresh' },
  account: { name: 'reader', role: 'user', status: 'active', consent: 'measurements' },
})
if (own === null) throw new Error('There is nobody.')
const closed = await addStranger(place, 'closed-account')
await database.pool.query(
  "update account set status = 'restricted' where username = 'closed-account'",
)

interface Ids {
  /** null where nobody owns such a thing. */
  readonly own: string | null
  readonly foreign: string
  readonly missing: string
}

const missing = (prefix: Parameters<typeof formatId>[0]) => formatId(prefix, v7())
const SETS = { own: own.privateSet, foreign: stranger.privateSet, missing: missing('set') }
const PATTERNS = {
  own: own.privatePattern,
  foreign: stranger.privatePattern,
  missing: missing('pat'),
}
const CURATED = { own: null, foreign: curated.draft, missing: missing('cur') }
const KEYS = { own: own.key, foreign: stranger.key, missing: missing('key') }
const SESSIONS = { own: own.session, foreign: stranger.session, missing: missing('ses') }
const BOOKMARKS = { own: own.bookmark, foreign: stranger.bookmark, missing: missing('bkm') }
const PROFILES = { own: own.profile, foreign: closed.profile, missing: missing('acc') }
const NAMES = { own: own.name, foreign: closed.name, missing: 'nobody-of-this-name' }

const QUERIES: Readonly<Record<string, readonly [Ids, (id: string) => string]>> = {
  'account(username:)': [NAMES, (id) => `account(username: "${id}") { id username }`],
  'curatedSet(id:)': [CURATED, (id) => `curatedSet(id: "${id}") { id name }`],
  'measurementSet(id:)': [SETS, (id) => `measurementSet(id: "${id}") { name measurements }`],
  'pattern(id:)': [PATTERNS, (id) => `pattern(id: "${id}") { name settings }`],
  'node(id:) of a set': [SETS, (id) => `node(id: "${id}") { ... on MeasurementSet { name } }`],
  'node(id:) of a pattern': [PATTERNS, (id) => `node(id: "${id}") { ... on Pattern { name } }`],
  'node(id:) of a curated set': [CURATED, (id) => `node(id: "${id}") { id }`],
  'node(id:) of a key': [KEYS, (id) => `node(id: "${id}") { ... on ApiKey { name } }`],
  'node(id:) of a bookmark': [BOOKMARKS, (id) => `node(id: "${id}") { ... on Bookmark { url } }`],
  'node(id:) of an account': [
    PROFILES,
    (id) => `node(id: "${id}") { ... on AccountProfile { bio } }`,
  ],
  'nodes(ids:)': [SETS, (id) => `nodes(ids: ["${id}"]) { ... on MeasurementSet { name } }`],
}

const MEMBERS: Readonly<Record<string, Ids>> = {
  'changeUsername.account': PROFILES,
  'revokeApiKey.id': KEYS,
  'rotateApiKey.id': KEYS,
  'signOut.id': SESSIONS,
  'updateAccount.account': PROFILES,
  'updateApiKey.id': KEYS,
}

/** Closed to a user whatever they are given: see the access matrix. */
const OF_STAFF = ['closeAccount.account', 'reopenAccount.account', 'setRole.account']

interface Seen {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: string
  readonly statements: readonly string[]
}

/** All that a client could tell an answer by, but for what tells requests and moments apart. */
async function seen(query: string): Promise<Seen> {
  const from = recorded.length
  const {
    status,
    headers: fields,
    body,
  } = await send({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  const changing = /^(date|x-request-id|ratelimit|content-length)$/
  return {
    status,
    headers: Object.entries(fields).flatMap(([name, value]) =>
      changing.test(name) ? [] : [`${name}: ${String(value)}`],
    ),
    body: body.replace(/"remaining":\d+,"resetSeconds":\d+/, ''),
    statements: recorded.slice(from).map(({ text, rows }) => `${text} -> ${rows}`),
  }
}

test('every argument that names something is asked for here', () => {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {})
  const named = fields.flatMap(({ name, args }) =>
    args
      .filter(
        (argument) => getNamedType(argument.type).name === 'ID' || argument.name === 'username',
      )
      .map((argument) => `${name}(${argument.name}:)`),
  )
  const asked = Object.keys(QUERIES).map((name) => name.replace(/ of .*/, ''))
  expect(new Set(asked)).toEqual(new Set(named))
  expect([...Object.keys(MEMBERS), ...OF_STAFF].toSorted()).toEqual(
    idArgumentsOf(schema).toSorted(),
  )
})

// Statements and the rows that they concern stand for the time that an answer takes: the same ones take as long.
describe('what is another’s looks like what is missing, down to the statements behind it: by', () => {
  test.each(Object.entries(QUERIES))('%s', async (_name, [ids, ask]) => {
    const foreign = await seen(`{ ${ask(ids.foreign)} }`)
    expect(foreign.status).toBe(200)
    expect(foreign.statements).toHaveLength(1)
    expect(await seen(`{ ${ask(ids.missing)} }`)).toEqual(foreign)
    const { body } = await seen(`{ ${ask('no-id')} }`)
    expect(body).toBe(foreign.body)
  })

  test.each(Object.entries(QUERIES).filter(([, [ids]]) => ids.own !== null))(
    '%s, but not what is one’s own',
    async (_name, [ids, ask]) => {
      const { body } = await seen(`{ ${ask(ids.own ?? '')} }`)
      expect(body).not.toBe((await seen(`{ ${ask(ids.missing)} }`)).body)
    },
  )

  test.each(Object.entries(MEMBERS))('%s', async (argument, ids) => {
    const [mutation = '', member = ''] = argument.split('.')
    const given = MUTATIONS[mutation]?.(own, stranger).with['input']
    const ask = (id: string) => {
      const input = literal({ ...Object(given), [member]: id })
      return `mutation { ${mutation}(input: ${input}) { __typename ... on Problem { code message } } }`
    }
    const foreign = await seen(ask(ids.foreign))
    expect(foreign.body).toContain('"__typename":"NotFound","code":"NOT_FOUND"')
    expect(await seen(ask(ids.missing))).toEqual(foreign)
    expect((await seen(ask('no-id'))).body).toBe(foreign.body)
    expect((await seen(ask(ids.own ?? ''))).body).not.toContain('NotFound')
  })
})

describe('what stands behind something public and is private itself looks as if there were nothing: by', () => {
  test('the set of a pattern', async () => {
    const ask = `{ pattern(id: "${stranger.publicPattern}") { name measurementSet { name } } }`
    const point = (uuid: string | null) =>
      database.pool.query(
        'update pattern set measurement_set_id = $1 where account_id = $2 and public',
        [uuid, stranger.accountId],
      )
    const { rows } = await database.pool.query(
      'select id from measurement_set where account_id = $1 and not public',
      [stranger.accountId],
    )
    await point(rows[0].id)
    const hidden = await seen(ask)
    await point(null)
    expect(await seen(ask)).toEqual(hidden)
    expect(hidden.body).toContain('"measurementSet":null')
  })

  test('the base of a set', async () => {
    const { rows } = await database.pool.query(
      'select id, public from measurement_set where account_id = $1 order by public',
      [stranger.accountId],
    )
    const [hiddenId, shownId] = rows.map(({ id }) => id)
    const ask = `{ measurementSet(id: "${stranger.publicSet}") { name baseSet { name } } }`
    await database.pool.query('update measurement_set set base_set_id = null where id = $1', [
      hiddenId,
    ])
    const none = await seen(ask)
    await database.pool.query('update measurement_set set base_set_id = $1 where id = $2', [
      hiddenId,
      shownId,
    ])
    expect(await seen(ask)).toEqual(none)
    expect(none.body).toContain('"baseSet":null')
  })
})
