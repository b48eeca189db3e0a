import { hash } from 'node:crypto'

import { sealAsked } from '../../src/community/bulk-export/export-row.ts'
import type { Database } from '../../src/database/connect.ts'
import {
  type Measurements,
  MEASUREMENT_NAMES,
  measuredBits,
} from '../../src/measurements/definitions.ts'
import { insertRows, type Rows } from '../../src/seed/rows.ts'
import { sealRow } from '../../src/vault/seal-row.ts'
import type { Vault } from '../../src/vault/vault.ts'

/** How much there is in a database: of whom, of what, and whether it refers to something. Numbers are from 0. */
interface DataShape {
  readonly accounts: number
  readonly sets: (account: number) => number
  readonly patterns: (account: number, set: number) => number
  /** Whether this set has a base, and this pattern a set that it was made from. */
  readonly isTied: (number: number) => boolean
  /** Of the first account. */
  readonly keys: number
  readonly sessions: number
  readonly acts: number
  readonly bookmarks: number
  readonly bulkExports: number
  readonly suggestions: number
  readonly curatedSets: number
  /** One for each of so many keys. */
  readonly interventions: number
  /** Of the first account; each of the others has one that is open. */
  readonly limitRequests: number
  /** Of each set. */
  readonly measurements: number
  readonly tags: number
}

export const DATA_SHAPE_NAMES = ['empty', 'skewed', 'full'] as const
export type DataShapeName = (typeof DATA_SHAPE_NAMES)[number]

/** `full`: no page of 20 or less has a gap, and nothing that may be null is. */
const DATA_SHAPES: Readonly<Record<DataShapeName, DataShape>> = {
  empty: {
    accounts: 0,
    sets: () => 0,
    patterns: () => 0,
    isTied: () => false,
    keys: 0,
    sessions: 0,
    acts: 0,
    bookmarks: 0,
    bulkExports: 0,
    suggestions: 0,
    curatedSets: 0,
    interventions: 0,
    limitRequests: 0,
    measurements: 0,
    tags: 0,
  },
  skewed: {
    accounts: 12,
    sets: (account) => Math.floor(40 / (account + 1) ** 1.5),
    patterns: (account, set) => Math.floor(30 / (account + set + 1)),
    isTied: (number) => number % 3 === 1,
    keys: 2,
    sessions: 3,
    acts: 9,
    bookmarks: 7,
    bulkExports: 4,
    suggestions: 4,
    curatedSets: 15,
    interventions: 2,
    limitRequests: 3,
    measurements: 9,
    tags: 2,
  },
  full: {
    accounts: 21,
    sets: (account) => (account === 0 ? 101 : 20),
    patterns: () => 20,
    isTied: () => true,
    keys: 101,
    sessions: 101,
    acts: 101,
    bookmarks: 101,
    bulkExports: 101,
    suggestions: 101,
    curatedSets: 101,
    interventions: 101,
    limitRequests: 101,
    measurements: MEASUREMENT_NAMES.length,
    tags: 20,
  },
}

const KINDS = [
  'account',
  'measurement_set',
  'pattern',
  'curated_set',
  'api_key',
  'bookmark',
  'session',
  'audit',
  'bulk_export',
  'curated_suggestion',
  'intervention',
  'limit_request',
] as const

/** The id of a row by its kind and place, the same in all shapes. */
export function idOf(kind: (typeof KINDS)[number], ...place: readonly number[]): string {
  const digits = place.map((number) => number.toString().padStart(4, '0')).join('')
  return `019a0000-0000-7000-8${KINDS.indexOf(kind).toString(16)}00-${digits.padStart(12, '0')}`
}

/** Fills an empty database. */
export async function insertShape(
  { kysely }: Pick<Database, 'kysely'>,
  vault: Vault,
  name: DataShapeName,
): Promise<void> {
  const shape = DATA_SHAPES[name]
  const accounts = numbers(shape.accounts)
  const sets = accounts.flatMap((account) =>
    numbers(shape.sets(account)).map((set) => ({ account, set })),
  )
  await insertRows(
    kysely,
    'account',
    accounts.map((account) => accountRow(vault, account)),
  )
  await insertRows(
    kysely,
    'measurement_set',
    sets.map((at) => setRow(vault, shape, at)),
  )
  await insertRows(
    kysely,
    'pattern',
    sets.flatMap(({ account, set }) =>
      numbers(shape.patterns(account, set)).map((pattern) =>
        patternRow(vault, shape, { account, set, pattern }),
      ),
    ),
  )
  const curated = numbers(shape.curatedSets).map((number) => curatedRow(shape, number))
  if (curated.length > 0) await kysely.insertInto('curated_set').values(curated).execute()
  const keys = numbers(shape.keys).map((number) => keyRow(vault, shape, number))
  if (keys.length > 0) await kysely.insertInto('api_key').values(keys).execute()
  const sessions = numbers(shape.sessions).map((number) => sessionRow(vault, number))
  if (sessions.length > 0) await kysely.insertInto('session').values(sessions).execute()
  const acts = numbers(shape.acts).map((number) => auditRow(shape, number))
  if (acts.length > 0) await kysely.insertInto('audit').values(acts).execute()
  const bookmarks = numbers(shape.bookmarks).map(bookmarkRow)
  if (bookmarks.length > 0) await kysely.insertInto('bookmark').values(bookmarks).execute()
  const exports = numbers(shape.bulkExports).map((number) => bulkExportRow(vault, number))
  if (exports.length > 0) await kysely.insertInto('bulk_export').values(exports).execute()
  const suggestions = numbers(shape.suggestions).map((number) =>
    suggestionRow(vault, shape, number),
  )
  if (suggestions.length > 0) {
    await kysely.insertInto('curated_suggestion').values(suggestions).execute()
  }
  const steps = numbers(shape.interventions).map((number) => interventionRow(shape, number))
  if (steps.length > 0) await kysely.insertInto('intervention').values(steps).execute()
  const requests = [
    ...numbers(shape.limitRequests).map((number) => limitRequestRow(vault, 0, number)),
    ...accounts.slice(1).map((account) => limitRequestRow(vault, account, 0)),
  ]
  if (requests.length > 0) await kysely.insertInto('limit_request').values(requests).execute()
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number)
}

const AT = new Date('2026-01-01T12:00:00Z')
const DATES = { created_at: AT, updated_at: AT }

function accountRow(vault: Vault, account: number): Rows['account'] {
  const id = idOf('account', account)
  const username = `person-${account}`
  return {
    id,
    username,
    username_key: username,
    ...sealRow(vault, 'account', { row: id, owner: id }, { email: `${username}@example.org` }),
    role: 'user',
    status: 'active',
    consent: 'measurements',
    units: 'metric',
    ...DATES,
  }
}

interface SetPlace {
  readonly account: number
  readonly set: number
}

/** The sets of an account that have a base stand in a ring, each the base of the one before it. */
function setRow(vault: Vault, shape: DataShape, { account, set }: SetPlace) {
  const id = idOf('measurement_set', account, set)
  const owner = idOf('account', account)
  const count = shape.sets(account)
  const measurements = measured(shape)
  return {
    id,
    account_id: owner,
    base_set_id:
      count > 1 && shape.isTied(set) ? idOf('measurement_set', account, (set + 1) % count) : null,
    ...sealRow(vault, 'measurement_set', { row: id, owner }, { name: `Set ${set}`, measurements }),
    measured: measuredBits(measurements).toString(),
    units: 'metric' as const,
    public: set % 2 === 0,
    ...DATES,
  }
}

function patternRow(
  vault: Vault,
  shape: DataShape,
  { account, set, pattern }: SetPlace & { readonly pattern: number },
) {
  const id = idOf('pattern', account, set, pattern)
  const owner = idOf('account', account)
  const sealed = { name: `Pattern ${pattern}`, settings: { sa: 10 }, data: null }
  return {
    id,
    account_id: owner,
    measurement_set_id: shape.isTied(pattern) ? idOf('measurement_set', account, set) : null,
    design: 'aaron',
    ...sealRow(vault, 'pattern', { row: id, owner }, sealed),
    public: pattern % 2 === 0,
    ...DATES,
  }
}

function curatedRow(shape: DataShape, number: number) {
  const measurements = measured(shape)
  return {
    id: idOf('curated_set', number),
    names: JSON.stringify({ en: `Model ${number}` }),
    tags: numbers(shape.tags).map((tag) => `tag-${tag}`),
    publication: 'published' as const,
    measurements: JSON.stringify(measurements),
    measured: measuredBits(measurements).toString(),
    ...DATES,
  }
}

function keyRow(vault: Vault, { isTied }: DataShape, number: number) {
  const id = idOf('api_key', number)
  const owner = idOf('account', 0)
  return {
    id,
    account_id: owner,
    ...sealRow(vault, 'api_key', { row: id, owner }, { name: `Key ${number}` }),
    level: 2,
    replaced_by_id: isTied(number) ? idOf('api_key', 0) : null,
    digest: hash('sha256', id, 'buffer'),
    pepper_id: 'p1',
    expires_at: AT,
    ...DATES,
  }
}

function sessionRow(vault: Vault, number: number) {
  const id = idOf('session', number)
  const owner = idOf('account', 0)
  return {
    id,
    account_id: owner,
    ...sealRow(vault, 'session', { row: id, owner }, { device: `Device ${number}` }),
    method: 'password' as const,
    // Nobody sees one that has ended, by the clock of the database.
    expires_at: new Date('2100-01-01T12:00:00Z'),
    last_used_at: AT,
    created_at: AT,
  }
}

function auditRow({ isTied }: DataShape, number: number) {
  return {
    id: idOf('audit', number),
    account_id: idOf('account', 0),
    actor_id: idOf('account', 0),
    actor_kind: 'key' as const,
    credential_id: isTied(number) ? idOf('api_key', 0) : null,
    action: 'update-account',
    created_at: AT,
  }
}

function bookmarkRow(number: number) {
  return {
    id: idOf('bookmark', number),
    account_id: idOf('account', 0),
    type: 'custom' as const,
    title: `Bookmark ${number}`,
    url: `https://example.org/${number}`,
    ...DATES,
  }
}

/** One that was stopped: an account has one at a time. */
function bulkExportRow(vault: Vault, number: number) {
  const id = idOf('bulk_export', number)
  const owner = idOf('account', 0)
  const asked = { query: '{ measurementSets { nodes { id } } }', url: null }
  return {
    id,
    account_id: owner,
    credential_kind: 'session' as const,
    level: 1,
    is_all: false,
    ...sealAsked(vault, { row: id, owner }, asked),
    state: 'cancelled' as const,
    ended_at: AT,
    created_at: AT,
    worked_at: AT,
  }
}

/** A set was made from each that refers to one; the others are open. */
function suggestionRow(vault: Vault, shape: DataShape, number: number) {
  const id = idOf('curated_suggestion', number)
  const owner = idOf('account', 0)
  const measurements = measured(shape)
  const sealed = { name: `Suggestion ${number}`, measurements }
  const row = {
    id,
    account_id: owner,
    ...sealRow(vault, 'curated_suggestion', { row: id, owner }, sealed),
    measured: measuredBits(measurements).toString(),
    ...DATES,
  }
  const decided = {
    state: 'accepted' as const,
    curated_set_id: idOf('curated_set', number % shape.curatedSets),
    decided_at: AT,
  }
  return shape.isTied(number) ? { ...row, ...decided } : row
}

function interventionRow({ isTied }: DataShape, number: number) {
  return {
    id: idOf('intervention', number),
    account_id: idOf('account', 0),
    api_key_id: idOf('api_key', number),
    step: 'notice' as const,
    reason: 'Too much at once.',
    decided_by: isTied(number) ? idOf('account', 1) : null,
    created_at: AT,
  }
}

/** An account has one that is open. */
function limitRequestRow(vault: Vault, account: number, number: number) {
  const id = idOf('limit_request', account, number)
  const owner = idOf('account', account)
  const row = {
    id,
    account_id: owner,
    ...sealRow(vault, 'limit_request', { row: id, owner }, { purpose: 'A study.' }),
    points: 500_000,
    until: AT,
    created_at: AT,
  }
  const declined = { state: 'declined' as const, reason: 'Ask for less.', decided_at: AT }
  return number === 0 ? row : { ...row, ...declined }
}

function measured({ measurements }: DataShape): Measurements {
  const names = MEASUREMENT_NAMES.slice(0, measurements)
  return Object.fromEntries(names.map((name, number) => [name, 100 + number]))
}
