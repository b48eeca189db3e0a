import { type Kysely, sql } from 'kysely'
import type { DB } from '../../../database/tables.generated.ts'
import { formatId } from '../../../ids.ts'
import { splitBody } from '../../../vault/seal-row.ts'
import { place, SEALED_ROWS, type SealedTable } from '../../../vault/sealed-rows.ts'
import type { Vault } from '../../../vault/vault.ts'
import type { AccountPart, AccountTable, ColumnUse, Row, Table } from '../account-table.ts'
import { ACCOUNT_TABLES } from '../account-tables.ts'

/** Rows of an account of one kind, each as an object of JSON values. */
export interface Section {
  readonly name: string
  readonly count: AccountPart['count']
  readonly items: AsyncIterable<object>
}

export interface AccountReader {
  readonly kysely: Kysely<DB>
  readonly vault: Vault
  /** UUID of the account. */
  readonly accountId: string
}

/** Rows that are in memory at a time: patterns reach some 200 kB each. */
const PAGE_ROWS = 50

/** Everything that the database holds of an account, opened, a page at a time; secrets are never read. */
export function readAccount(reader: AccountReader): readonly Section[] {
  return Object.entries<TableRules | { readonly nobodys: string }>(ACCOUNT_TABLES).flatMap(
    ([name, rules]) =>
      'nobodys' in rules
        ? []
        : rules.parts.map((part) => ({
            name: part.section,
            count: part.count,
            // The names of ACCOUNT_TABLES are those of tables, as its type says.
            items: itemsOf(reader, { table: name as Table, rules, part }),
          })),
  )
}

/** The rules of any table, whatever its columns are. */
type TableRules = Omit<AccountTable<Table>, 'columns'> & {
  readonly columns: Readonly<Record<string, ColumnUse>>
}

interface PartOfTable {
  readonly table: Table
  readonly rules: TableRules
  readonly part: AccountPart
}

async function* itemsOf(reader: AccountReader, of: PartOfTable): AsyncGenerator<object> {
  let last: Row | null = null
  for (;;) {
    const rows: readonly Row[] = await readPage(reader, of, last)
    for (const row of rows) yield itemOf(reader, of, row)
    last = rows.at(-1) ?? null
    if (rows.length < PAGE_ROWS) return
  }
}

async function readPage(
  { kysely, accountId }: AccountReader,
  { table, rules, part }: PartOfTable,
  last: Row | null,
): Promise<readonly Row[]> {
  const keys = sql.join(rules.order.map((key) => sql.raw(key)))
  const columns = Object.entries(rules.columns)
    .filter(([, use]) => use !== 'secret')
    .map(([column]) => sql.ref(column))
  const ours = part.belongs?.(accountId) ?? sql`${sql.ref(part.column)} = ${accountId}`
  const behind = sql.join(rules.order.map((_key, i) => last?.[`key_${i}`]))
  const { rows } = await sql<Row>`
    select ${sql.join(columns)}, ${sql.join(rules.order.map((key, i) => sql`${sql.raw(key)} as ${sql.id(`key_${i}`)}`))}
    from ${sql.table(table)}
    where ${ours} ${last === null ? sql`` : sql`and (${keys}) > (${behind})`}
    order by ${keys} limit ${PAGE_ROWS}`.execute(kysely)
  return rows
}

function itemOf(reader: AccountReader, { table, rules, part }: PartOfTable, row: Row): object {
  const { columns, prefix, reshape } = rules
  const members = Object.entries(columns).flatMap(([column, use]): [string, unknown][] => {
    if (part.only?.includes(column) === false) return []
    const value = row[column]
    if (typeof use === 'object') return [[use.as, use.value(row, reader.accountId)]]
    if (use === 'shown') return [[camelCase(column), value]]
    if (use === 'number') return [[camelCase(column), Number(value)]]
    if (use === 'slug' && prefix !== undefined) return [['id', formatId(prefix, String(row['id']))]]
    if (use !== 'opened' || !isSealed(table)) return []
    const opened = open(reader, table, { column, row })
    return Object.entries(reshape?.(opened) ?? opened)
  })
  return Object.fromEntries(members)
}

function open(
  { vault, accountId }: AccountReader,
  table: SealedTable,
  { column, row }: { readonly column: string; readonly row: Row },
): Row {
  const { label, body } = SEALED_ROWS[table]
  const part = column === 'label' ? 'label' : 'body'
  const where = place(table, part, { row: String(row['id']), owner: accountId })
  const text = vault.open(String(row[column]), where)
  if (part === 'label') return { [label]: text }
  const members = splitBody(text)
  return Object.fromEntries(body.map((name, i) => [name, JSON.parse(members[i] ?? 'null')]))
}

function isSealed(table: Table): table is SealedTable {
  return Object.hasOwn(SEALED_ROWS, table)
}

function camelCase(column: string): string {
  return column.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}
