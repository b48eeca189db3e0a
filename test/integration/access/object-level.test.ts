import { getNamedType } from 'graphql'
import { describe, expect, test } from 'vitest'
import { schema } from '../../../src/schema/schema.ts'
import { idArgumentsOf, idOf, missing } from '../../matrix/argument-cells.ts'
import { addPrincipal, addStranger, type Person, type Place } from '../../matrix/community.ts'
import { insertBelongings, insertCurated } from '../../matrix/belongings.ts'
import { ID_ARGUMENTS, RULE_OF } from '../../matrix/expected.ts'
import { MUTATIONS } from '../../matrix/inputs.ts'
import { may } from '../../matrix/rules.ts'
import { PUBLIC_URL, testGateway } from '../../support/gateway.ts'
import { literal } from '../../support/graphql-literal.ts'
import { recordStatements } from '../../support/recorded-statements.ts'

const { database, vault, send } = await testGateway()
const recorded = recordStatements(database.pool)
const place: Place = { database, vault, publicUrl: PUBLIC_URL }
const curated = await insertCurated(database)
const stranger = await addStranger(place, 'stranger')
const {
  who,
  headers,
  person: own,
} = await addPrincipal(place, {
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

const SETS = {
  own: own.privateSet,
  foreign: stranger.privateSet,
  missing: missing('measurementSet'),
}
const PATTERNS = {
  own: own.privatePattern,
  foreign: stranger.privatePattern,
  missing: missing('pattern'),
}
const CURATED = { own: null, foreign: curated.draft, missing: missing('curatedSet') }
const KEYS = { own: own.key, foreign: stranger.key, missing: missing('apiKey') }
const BOOKMARKS = { own: own.bookmark, foreign: stranger.bookmark, missing: missing('bookmark') }
const PROFILES = { own: own.profile, foreign: closed.profile, missing: missing('account') }
const NAMES = { own: own.name, foreign: closed.name, missing: 'nobody-of-this-name' }

const QUERIES: Readonly<Record<string, readonly [Ids, (id: string) => string]>> = {
  'account(username:)': [NAMES, (id) => `account(username: "${id}") { id username }`],
  'curatedSet(id:)': [CURATED, (id) => `curatedSet(id: "${id}") { id name }`],
  'designs(fitting:)': [SETS, (id) => `designs(fitting: "${id}") { totalCount }`],
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

/** Members of what mutations take that are ids, but for those of mutations that a user may not call at all. */
const MEMBERS = idArgumentsOf(schema).filter((argument) => {
  const rule = RULE_OF.get(`Mutation.${mutationOf(argument)}`)
  return rule !== undefined && may(rule, who)
})

function mutationOf(argument: string): string {
  return argument.split('.')[0] ?? ''
}

/** The mutation with this id, and all else as whoever owns these things asks for it. */
function mutationWith(argument: string, owner: Person, id: string): string {
  const [mutation = '', member = ''] = argument.split('.')
  const given = MUTATIONS[mutation]?.(owner, stranger).with['input']
  const input = literal({ ...Object(given), [member]: id })
  return `mutation { ${mutation}(input: ${input}) { __typename ... on Problem { code message } } }`
}

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
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(({ name }) => {
    // What only staff may ask for, they may see of everybody.
    const rule = RULE_OF.get(`Query.${name}`)
    return rule !== undefined && may(rule, who)
  })
  const named = fields.flatMap(({ name, args }) =>
    args
      .filter(
        (argument) => getNamedType(argument.type).name === 'ID' || argument.name === 'username',
      )
      .map((argument) => `${name}(${argument.name}:)`),
  )
  const asked = Object.keys(QUERIES).map((name) => name.replace(/ of .*/, ''))
  expect(new Set(asked)).toEqual(new Set(named))
  expect(Object.keys(ID_ARGUMENTS)).toEqual(expect.arrayContaining(MEMBERS))
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

  test.each(MEMBERS)('%s', async (argument) => {
    const { names = 'account', answers = 'NotFound' } = ID_ARGUMENTS[argument] ?? {}
    const ask = async (id: string) => {
      const { body, ...rest } = await seen(mutationWith(argument, own, id))
      // What was found where something else is accepted is what was sent.
      return { ...rest, body: body.replace(`"found":"${id}"`, '') }
    }
    const foreign = await ask(idOf(names, stranger))
    expect(foreign.body).toContain(answers)
    expect(await ask(missing(names))).toEqual(foreign)
    expect((await ask('no-id')).body).toBe(foreign.body)
  })

  test.each(MEMBERS)('%s, but not what is one’s own', async (argument) => {
    const { names = 'account' } = ID_ARGUMENTS[argument] ?? {}
    const owner = { ...own, ...(await insertBelongings(database, vault, own.accountId)) }
    // No set is based on itself.
    const id = argument.endsWith('.baseSet') ? owner.publicSet : idOf(names, owner)
    const { body } = await seen(mutationWith(argument, owner, id))
    expect(body).not.toMatch(/NotFound|INPUT_INVALID/)
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
