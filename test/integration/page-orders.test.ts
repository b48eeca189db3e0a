import { type GraphQLObjectType, isObjectType, parse } from 'graphql'
import { expect, test } from 'vitest'

import type { Database } from '../../src/database/connect.ts'
import { formatId } from '../../src/ids.ts'
import { compileOperation } from '../../src/schema/plan/operation.ts'
import { type PageSource, sourceOf } from '../../src/schema/plan/source.ts'
import { schema } from '../../src/schema/schema.ts'
import { PEOPLE } from '../support/planned-data.ts'
import { principalNamed } from '../support/planned-request.ts'
import { sessionOf } from '../support/session-principal.ts'
import { testDatabase } from '../support/test-database.ts'

/** Type -> how an operation gets to one of its objects. */
const WAYS: Readonly<Record<string, (field: string) => string>> = {
  Query: (field) => `{ ${field} }`,
  Account: (field) => `{ me { ${field} } }`,
  AccountProfile: (field) => `{ account(username: "user-1") { ${field} } }`,
  MeasurementSet: (field) => `{ measurementSet(id: "set_1") { ${field} } }`,
}

/** Field -> the lowest level of a curator that may ask for it, where 2 is not enough. */
const WHO: Readonly<Record<string, string>> = {
  accounts: 'ada 5',
  allMeasurementSets: 'ada 8',
  curatedSetSuggestions: 'ada 3',
  'Query.interventions': 'ada 8',
  'Query.limitRequests': 'ada 8',
}

const ENDS = [
  ['the start', () => 'first: 20'],
  ['behind a cursor', (cursor: string) => `first: 20, after: "${cursor}"`],
  ['the end', () => 'last: 20'],
  ['in front of a cursor', (cursor: string) => `last: 20, before: "${cursor}"`],
] as const

const database = await testDatabase({ max: 1 })
await fill(database)

const cases = pages().flatMap((page) =>
  ENDS.map(([end, bounds]) => ({ ...page, end, bounds: bounds(cursorIn(page)) })),
)

test.each(cases)('$type: $field by $order from $end reads an index in its order', async (page) => {
  const limits = nodesOf(await explain(statementOf(page))).filter(isInnermostLimit)
  expect(limits).not.toEqual([])
  // An incremental sort goes no further than the page does; a sort reads the whole list.
  expect(limits.flatMap(nodesOf).map(nameOf)).not.toContain('Sort')
})

interface Page {
  readonly type: string
  readonly field: string
  readonly order: string
  readonly isChosen: boolean
  readonly source: PageSource
}

interface PlanNode {
  readonly 'Node Type': string
  readonly Plans?: readonly PlanNode[]
}

/** Every connection of the schema, in each order that it can be asked for; those of payloads list what one act made. */
function pages(): readonly Page[] {
  return Object.values(schema.getTypeMap())
    .filter((type): type is GraphQLObjectType => isObjectType(type))
    .filter(({ name }) => !name.endsWith('Payload'))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
    .flatMap(({ type, field }) => {
      const source = sourceOf(field)
      if (source.kind !== 'page') return []
      const isChosen = field.args.some(({ name }) => name === 'orderBy')
      const orders = isChosen ? Object.keys(source.orders) : [source.order({})]
      return orders.map((order) => ({
        type: type.name,
        field: field.name,
        order,
        isChosen,
        source,
      }))
    })
}

function cursorIn({ source, order }: Page): string {
  const { tag = '', type } = source.orders[order] ?? {}
  const key = type === 'timestamp' ? '0' : 'user-1'
  const { prefix, table } = source.rows
  // A list whose rows have no ids is sorted by what names them.
  if (prefix === null) return Buffer.from(`${table}.${tag}:${key}`).toString('base64url')
  const slug = formatId(prefix, PEOPLE.ada).slice(prefix.length + 1)
  return Buffer.from(`${prefix}.${tag}:${slug}:${key}`).toString('base64url')
}

function statementOf({ type, field, order, isChosen, bounds }: Page & { bounds: string }): string {
  const given = isChosen ? `${bounds}, orderBy: ${order}` : bounds
  const text = `${field}(${given}) { edges { cursor node { __typename } } pageInfo { hasNextPage hasPreviousPage } }`
  const document = parse(WAYS[type]?.(text) ?? '')
  const { standing } =
    field === 'sessions'
      ? sessionOf(PEOPLE.ada)
      : principalNamed(WHO[`${type}.${field}`] ?? WHO[field] ?? 'ada 2')
  return compileOperation(schema, document).plan(standing, {}).statement ?? ''
}

/** How PostgreSQL runs the statement, whatever its parameters are. */
async function explain(statement: string): Promise<PlanNode> {
  const client = await database.pool.connect()
  try {
    await client.query(`prepare page as ${statement}`)
    const { rows } = await client.query(
      `select cardinality(parameter_types) as count from pg_prepared_statements where name = 'page'`,
    )
    const values = Array.from({ length: rows[0].count }, () => 'null')
    const given = values.length === 0 ? '' : `(${values.join(', ')})`
    const explained = await client.query(`explain (format json) execute page${given}`)
    return explained.rows[0]['QUERY PLAN'][0].Plan
  } finally {
    await client.query('deallocate page')
    client.release()
  }
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}

function nameOf(node: PlanNode): string {
  return node['Node Type']
}

/** A page within another object stands below that one's limit. */
function isInnermostLimit(node: PlanNode): boolean {
  return nameOf(node) === 'Limit' && !nodesOf(node).slice(1).some(isInnermostLimit)
}

/** A thousand rows of each kind: of two accounts, and on two sets; half of them public. What is sealed is never read. */
async function fill({ pool }: Database): Promise<void> {
  const account = id('account', '(n % 2)')
  const times = `'2025-01-01'::timestamptz + n * interval '1 minute', '2026-01-01'::timestamptz - n * interval '1 minute'`
  const digest = `sha256(n::text::bytea)`
  const rows = 'from generate_series(0, 999) as n'
  await pool.query(`
    insert into account (id, username, username_key, label, label_index, body, status, consent, created_at, updated_at)
      select ${id('account', 'n')}, 'user-' || n, 'user-' || n, '', ${digest}, '', 'active', 'measurements', ${times} ${rows};
    insert into measurement_set (id, account_id, label, label_index, body, public, created_at, updated_at)
      select ${id('set', 'n')}, ${account}, '', ${digest}, '', n % 4 < 2, ${times} ${rows};
    insert into pattern (id, account_id, measurement_set_id, design, label, label_index, body, public, created_at, updated_at)
      select ${id('pattern', 'n')}, ${account}, ${id('set', '(n % 2)')}, 'aaron', '', ${digest}, '', n % 4 < 2, ${times} ${rows};
    insert into api_key (id, account_id, label, level, digest, pepper_id, expires_at, created_at, updated_at)
      select ${id('key', 'n')}, ${account}, '', 1, ${digest}, 'p', '2030-01-01', ${times} ${rows};
    insert into bookmark (id, account_id, type, title, url, created_at, updated_at)
      select ${id('bookmark', 'n')}, ${account}, 'design', 'x', 'x', ${times} ${rows};
    insert into session (id, account_id, label, method, expires_at, last_used_at, created_at)
      select ${id('session', 'n')}, ${account}, '', 'link', '2030-01-01', ${times} ${rows};
    insert into audit (id, account_id, actor_kind, action, created_at)
      select ${id('audit', 'n')}, ${account}, 'gateway', 'act-a', '2025-01-01'::timestamptz + n * interval '1 minute' ${rows};
    insert into curated_set (id, names, measurements, measured, publication, created_at, updated_at)
      select ${id('curated', 'n')}, '{"en":"x"}', '{}', 0, 'published', ${times} ${rows};
    insert into curated_suggestion (id, account_id, label, label_index, body, measured, created_at, updated_at)
      select ${id('suggestion', 'n')}, ${account}, '', '', '', 0, ${times} ${rows};
    insert into bulk_export (id, account_id, credential_kind, level, is_all, label, state, ended_at, created_at, worked_at)
      select ${id('export', 'n')}, ${account}, 'key', 1, false, '', 'cancelled', '2030-01-01', ${times} ${rows};
    insert into intervention (id, account_id, step, reason, ended_at, end_reason, created_at)
      select ${id('intervention', 'n')}, ${account}, 'notice', 'x', '2030-01-01', 'lifted', '2025-01-01'::timestamptz + n * interval '1 minute' ${rows};
    insert into limit_request (id, account_id, label, points, until, state, reason, decided_at, created_at)
      select ${id('limit', 'n')}, ${account}, '', 1, '2030-01-01', 'declined', 'x', '2030-01-01', '2025-01-01'::timestamptz + n * interval '1 minute' ${rows};
    insert into design (code, name, version, required, optional) select 'd' || n, '', '', 0, 0 ${rows};
    analyze`)
}

function id(kind: string, n: string): string {
  return `md5('${kind}' || ${n})::uuid`
}
