import { readFileSync } from 'node:fs'
import type pg from 'pg'
import type { Rows } from './rows.ts'

const BATCH = 2_000

/** Makes the schema `plain` and fills it with the rows, in the clear. */
export async function loadPlain(client: pg.Client, rows: Rows): Promise<void> {
  await client.query('drop schema if exists plain cascade')
  await client.query(readFileSync(new URL('plain.sql', import.meta.url), 'utf8'))
  await insertRows(
    client,
    'plain.account',
    rows.accounts.map(({ id, ref, username, bio, role, at }) => ({
      id,
      ref,
      username,
      bio,
      role,
      created_at: at,
    })),
  )
  await insertRows(
    client,
    'plain.measurement_set',
    rows.sets.map(({ id, ref, account, name, notes, measurements, at }) => ({
      id,
      ref,
      account_id: account,
      name,
      notes,
      measurements,
      created_at: at,
      updated_at: at,
    })),
  )
  await insertRows(
    client,
    'plain.pattern',
    rows.patterns.map(({ id, ref, account, set, design, name, notes, settings, at }) => ({
      id,
      ref,
      account_id: account,
      measurement_set_id: set,
      design,
      name,
      notes,
      settings,
      created_at: at,
    })),
  )
}

/** Inserts rows that have the same columns, some thousands to a statement. A Buffer is written as bytea. */
export async function insertRows(
  client: pg.Client,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ')
  const text = `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1::json)`
  for (let start = 0; start < rows.length; start += BATCH) {
    await client.query(text, [JSON.stringify(rows.slice(start, start + BATCH), asHex)])
  }
}

/** A Buffer has become an object of its bytes by the time JSON.stringify asks; PostgreSQL reads bytea from hex. */
function asHex(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('type' in value && 'data' in value))
    return value
  if (value.type !== 'Buffer' || !Array.isArray(value.data)) return value
  return `\\x${Buffer.from(value.data).toString('hex')}`
}
