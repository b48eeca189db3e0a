import type pg from 'pg'

// What Mercurius and Apollo read: one named statement per kind of object, in batches by key, as loaders ask for them.

export interface Account {
  readonly id: string
  readonly ref: string
  readonly username: string
  readonly role: string
}

export interface MeasurementSet {
  readonly id: string
  readonly ref: string
  readonly account_id: string
  readonly name: string
  readonly notes: string
  readonly measurements: unknown
  readonly created_at: Date
  readonly updated_at: Date
}

export interface Pattern {
  readonly id: string
  readonly ref: string
  readonly measurement_set_id: string
  readonly design: string
  readonly name: string
}

/** The page of accounts after the one of this name, by name. */
export async function readAccounts(
  pool: pg.Pool,
  first: number,
  after: string | null | undefined,
): Promise<Account[]> {
  const text = `select id, ref, username, role from plain.account
    where username > $1 order by username limit $2`
  const values = [after ?? '', first]
  return (await pool.query<Account>({ name: 'accounts', text, values })).rows
}

/** In the order of the ids; null where there is none. */
export async function readAccountsById(
  pool: pg.Pool,
  ids: readonly string[],
): Promise<(Account | null)[]> {
  const text = 'select id, ref, username, role from plain.account where id = any($1)'
  const { rows } = await pool.query<Account>({ name: 'accounts-by-id', text, values: [ids] })
  const found = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => found.get(id) ?? null)
}

/** The first sets of each account, oldest first, in the order of the accounts. */
export async function readSets(
  pool: pg.Pool,
  accounts: readonly string[],
  first: number,
): Promise<MeasurementSet[][]> {
  const text = `select s.* from unnest($1::uuid[]) owner (id) cross join lateral (
      select id, ref, account_id, name, notes, measurements, created_at, updated_at
      from plain.measurement_set where account_id = owner.id order by created_at, id limit $2) s`
  const values = [accounts, first]
  const { rows } = await pool.query<MeasurementSet>({ name: 'sets', text, values })
  const found = Map.groupBy(rows, (row) => row.account_id)
  return accounts.map((id) => found.get(id) ?? [])
}

/** The first patterns of each set, oldest first, in the order of the sets. */
export async function readPatterns(
  pool: pg.Pool,
  sets: readonly string[],
  first: number,
): Promise<Pattern[][]> {
  const text = `select p.* from unnest($1::uuid[]) set (id) cross join lateral (
      select id, ref, measurement_set_id, design, name
      from plain.pattern where measurement_set_id = set.id order by created_at, id limit $2) p`
  const { rows } = await pool.query<Pattern>({ name: 'patterns', text, values: [sets, first] })
  const found = Map.groupBy(rows, (row) => row.measurement_set_id)
  return sets.map((id) => found.get(id) ?? [])
}
