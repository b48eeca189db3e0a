import type { AccountTable, OtherTable, Table } from '../../src/auth/account/account-table.ts'
import { ACCOUNT_TABLES } from '../../src/auth/account/account-tables.ts'
import type { Database } from '../../src/database/connect.ts'

type Rules = Readonly<
  Record<string, (Pick<AccountTable<Table>, 'parts'> & { readonly columns: object }) | OtherTable>
>

/** Columns that name an account whether or not a foreign key says so. */
const NAMES_AN_ACCOUNT = /^(account|owner|actor|curator|user|member|person|author|creator)_id$/

/**
 * What the database holds of accounts and ACCOUNT_TABLES does not know, one sentence each: tables, columns, and columns by
 * which rows belong to an account, directly or by way of rows that do.
 */
export async function forgottenByAccountTables({ pool }: Database): Promise<readonly string[]> {
  const rules: Rules = ACCOUNT_TABLES
  const { rows: columns } = await pool.query<{ table: string; column: string }>(`
    select c.relname as table, a.attname as column
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
      and c.relname not like 'kysely_migration%'
    order by c.relname, a.attnum`)
  const { rows: keys } = await pool.query<Reference>(`
    select c.conrelid::regclass::text as table, a.attname as column, c.confrelid::regclass::text as refers_to
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f'`)
  const owned = tablesOfAccounts(keys, columns)
  const unknown = columns.filter(({ table, column }) => {
    const known = rules[table]
    return known === undefined || ('columns' in known && !Object.hasOwn(known.columns, column))
  })
  const unowned = [...owned].filter((table) => {
    const known = rules[table]
    return known !== undefined && 'nobodys' in known
  })
  const untied = [...keys, ...columns]
    .filter(
      (each) =>
        NAMES_AN_ACCOUNT.test(each.column) || ('refers_to' in each && each.refers_to === 'account'),
    )
    .filter(({ table, column }) => {
      const known = rules[table]
      return (
        known !== undefined &&
        'parts' in known &&
        known.parts.every((part) => part.column !== column)
      )
    })
  return [
    ...new Set([
      ...unknown.map(({ table, column }) => `${table}.${column} is unknown.`),
      ...unowned.map((table) => `${table} has rows of accounts.`),
      ...untied.map(({ table, column }) => `${table}.${column} ties rows to an account.`),
    ]),
  ]
}

interface Reference {
  readonly table: string
  readonly column: string
  readonly refers_to: string
}

/** Tables that refer to an account, or to a table that does. */
function tablesOfAccounts(
  keys: readonly Reference[],
  columns: readonly { readonly table: string; readonly column: string }[],
): ReadonlySet<string> {
  const named = columns.filter(({ column }) => NAMES_AN_ACCOUNT.test(column))
  const owned = new Set(['account', ...named.map(({ table }) => table)])
  let size = 0
  while (size < owned.size) {
    size = owned.size
    for (const { table, refers_to } of keys) if (owned.has(refers_to)) owned.add(table)
  }
  return owned
}

/** Tables whose rows hold one of these texts anywhere, in whatever column. */
export async function tablesThatHold(
  { pool }: Database,
  texts: readonly string[],
): Promise<readonly string[]> {
  const { rows: tables } = await pool.query<{ table: string }>(
    `select tablename as table from pg_tables where schemaname = 'public' order by 1`,
  )
  const found: string[] = []
  for (const { table } of tables) {
    const { rows } = await pool.query<{ text: string }>(`select t::text as text from ${table} t`)
    const held = texts.filter((text) => rows.some((row) => row.text.includes(text)))
    found.push(...held.map((text) => `${table}: ${text}`))
  }
  return found
}
