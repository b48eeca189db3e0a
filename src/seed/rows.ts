import { type Kysely, sql } from 'kysely'
import { v7 } from 'uuid'

import type {
  AccountConsent,
  AccountRole,
  AccountStatus,
  DB,
  Units,
} from '../database/tables.generated.ts'
import { type Measurements, measuredBits } from '../measurements/definitions.ts'
import { sealRow } from '../vault/seal-row.ts'
import { type Vault, normalizeLabel } from '../vault/vault.ts'

export interface NewAccount {
  readonly username: string
  readonly role: AccountRole
  readonly status: AccountStatus
  readonly consent: AccountConsent
  readonly bio: string
  readonly units: Units
  readonly createdAt: Date
}

export interface NewSet {
  readonly accountId: string
  readonly baseSetId: string | null
  readonly name: string
  readonly notes: string
  readonly measurements: Measurements
  readonly units: Units
  readonly public: boolean
  readonly createdAt: Date
}

export interface NewPattern {
  readonly accountId: string
  readonly setId: string | null
  readonly design: string
  readonly name: string
  readonly notes: string
  readonly settings: unknown
  readonly content: unknown
  readonly public: boolean
  readonly createdAt: Date
}

/** Where the seed's people get their mail: nobody does, and so nobody else can have confirmed such an address. */
export function seedEmail(username: string): string {
  return `${username}@example.org`
}

/** A fresh id of this time; ids of later times are greater. */
export function idAt(time: Date): string {
  return v7({ msecs: time.getTime() })
}

/** The row of an account of the seed, sealed. */
export function accountRow(vault: Vault, account: NewAccount) {
  const id = idAt(account.createdAt)
  const { username, bio, createdAt } = account
  return {
    id,
    username,
    username_key: normalizeLabel(username),
    ...sealRow(vault, 'account', { row: id, owner: id }, { email: seedEmail(username), bio }),
    role: account.role,
    status: account.status,
    consent: account.consent,
    units: account.units,
    created_at: createdAt,
    updated_at: createdAt,
  }
}

/** The row of a measurement set, sealed. */
export function setRow(vault: Vault, set: NewSet) {
  const id = idAt(set.createdAt)
  const { name, notes, measurements, createdAt } = set
  const sealed = { name, notes, measurements }
  return {
    id,
    account_id: set.accountId,
    base_set_id: set.baseSetId,
    ...sealRow(vault, 'measurement_set', { row: id, owner: set.accountId }, sealed),
    measured: measuredBits(measurements).toString(),
    units: set.units,
    public: set.public,
    created_at: createdAt,
    updated_at: createdAt,
  }
}

/** The row of a pattern, sealed. */
export function patternRow(vault: Vault, pattern: NewPattern) {
  const id = idAt(pattern.createdAt)
  const { name, notes, settings, content, createdAt } = pattern
  const sealed = { name, notes, settings, data: content }
  return {
    id,
    account_id: pattern.accountId,
    measurement_set_id: pattern.setId,
    design: pattern.design,
    ...sealRow(vault, 'pattern', { row: id, owner: pattern.accountId }, sealed),
    public: pattern.public,
    created_at: createdAt,
    updated_at: createdAt,
  }
}

/** PostgreSQL's types of the columns that the rows above fill, in one array each. */
const COLUMN_TYPES = {
  account: {
    id: 'uuid',
    username: 'text',
    username_key: 'text',
    label: 'text',
    label_index: 'bytea',
    body: 'text',
    role: 'account_role',
    status: 'account_status',
    consent: 'account_consent',
    units: 'units',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  measurement_set: {
    id: 'uuid',
    account_id: 'uuid',
    base_set_id: 'uuid',
    label: 'text',
    label_index: 'bytea',
    body: 'text',
    measured: 'bigint',
    units: 'units',
    public: 'boolean',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  pattern: {
    id: 'uuid',
    account_id: 'uuid',
    measurement_set_id: 'uuid',
    design: 'text',
    label: 'text',
    label_index: 'bytea',
    body: 'text',
    public: 'boolean',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
} as const

/** The rows that insertRows stores, by table. */
export interface Rows {
  readonly account: ReturnType<typeof accountRow>
  readonly measurement_set: ReturnType<typeof setRow>
  readonly pattern: ReturnType<typeof patternRow>
}

/** Stores these rows with one statement: an array for each column, however many rows there are. */
export async function insertRows<T extends keyof Rows>(
  db: Kysely<DB>,
  table: T,
  rows: readonly Rows[T][],
): Promise<void> {
  const types = Object.entries(COLUMN_TYPES[table])
  const names = types.map(([name]) => sql.ref(name))
  const arrays = types.map(([name, type]) => {
    const values = rows.map((row: Readonly<Record<string, unknown>>) => row[name])
    return sql`${values}::${sql.raw(type)}[]`
  })
  await sql`insert into ${sql.table(table)} (${sql.join(names)}) select * from unnest(${sql.join(arrays)})`.execute(
    db,
  )
}
