import { randomBytes } from 'node:crypto'
import { v7 } from 'uuid'
import type { Database } from '../../src/database/connect.ts'
import type { Publication } from '../../src/database/tables.generated.ts'
import { formatId } from '../../src/ids.ts'
import { measuredBits } from '../../src/measurements/definitions.ts'
import { sealRow } from '../../src/vault/seal-row.ts'
import type { Vault } from '../../src/vault/vault.ts'

/** What an account owns: ids as clients see them. */
export interface Belongings {
  readonly profile: string
  readonly privateSet: string
  readonly publicSet: string
  readonly privatePattern: string
  readonly publicPattern: string
  readonly bookmark: string
  /** An export of its sets that was cancelled. */
  readonly bulkExport: string
  /** A curated set that it has made, and has not published. */
  readonly draft: string
  /** Of its private set, open. */
  readonly suggestion: string
  /** A notice about it, in force. */
  readonly intervention: string
  /** For a higher limit, open. */
  readonly limitRequest: string
  /** A key that nobody presents. */
  readonly key: string
  /** The UUID of a key that has taken the place of others. */
  readonly oldKeyUuid: string
  /** An open session that nobody presents. */
  readonly session: string
  readonly endedSession: string
  readonly expiredSession: string
  /** An entry of its access log. */
  readonly audit: string
}

export interface CuratedIds {
  readonly published: string
  readonly draft: string
  readonly retired: string
}

type Tables = Pick<Database, 'kysely'>

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MEASUREMENTS = { chest: 914.4, waist: 700, shoulderSlope: 13 }

/** One of everything that an account can own, private and public. */
export async function insertBelongings(
  database: Tables,
  vault: Vault,
  accountId: string,
): Promise<Belongings> {
  const now = new Date()
  const dated = { created_at: now, updated_at: now }
  const [privateSet, publicSet, privatePattern, publicPattern] = [v7(), v7(), v7(), v7()]
  const own = (row: string) => ({ row, owner: accountId })
  const set = (id: string, over: object) => ({
    id,
    account_id: accountId,
    ...sealRow(vault, 'measurement_set', own(id), {
      name: 'A set',
      notes: 'Some notes',
      image: null,
      measurements: MEASUREMENTS,
    }),
    measured: measuredBits(MEASUREMENTS),
    ...dated,
    ...over,
  })
  const pattern = (id: string, over: object) => ({
    id,
    account_id: accountId,
    design: 'aaron',
    ...sealRow(vault, 'pattern', own(id), {
      name: 'A pattern',
      notes: null,
      image: null,
      settings: { sa: 10 },
      data: { version: 1 },
    }),
    ...dated,
    ...over,
  })
  const bookmark = v7()
  const { kysely } = database
  await kysely
    .insertInto('measurement_set')
    .values([set(publicSet, { public: true }), set(privateSet, { base_set_id: publicSet })])
    .execute()
  await kysely
    .insertInto('pattern')
    .values([
      pattern(publicPattern, { public: true, measurement_set_id: publicSet }),
      pattern(privatePattern, { measurement_set_id: privateSet }),
    ])
    .execute()
  await kysely
    .insertInto('bookmark')
    .values({
      id: bookmark,
      account_id: accountId,
      type: 'doc',
      title: 'A page',
      url: 'https://example.org/',
      ...dated,
    })
    .execute()
  const draft = await insertCuratedSet(database, 'draft', accountId)
  const suggestion = v7()
  await kysely
    .insertInto('curated_suggestion')
    .values({
      id: suggestion,
      account_id: accountId,
      ...sealRow(vault, 'curated_suggestion', own(suggestion), {
        name: 'A set',
        notes: 'Some notes',
        measurements: MEASUREMENTS,
        note: null,
      }),
      measured: measuredBits(MEASUREMENTS),
      ...dated,
    })
    .execute()
  const bulkExport = v7()
  await kysely
    .insertInto('bulk_export')
    .values({
      id: bulkExport,
      account_id: accountId,
      credential_kind: 'key',
      level: 1,
      is_all: false,
      ...sealRow(vault, 'bulk_export', own(bulkExport), {
        asked: JSON.stringify({ query: '{ measurementSets { nodes { id } } }', url: null }),
      }),
      state: 'cancelled',
      ended_at: now,
      created_at: now,
      worked_at: now,
    })
    .execute()
  const [intervention, limitRequest] = [v7(), v7()]
  // There is one of a kind at a time.
  await kysely
    .updateTable('intervention')
    .set({ ended_at: now, end_reason: 'superseded' })
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .execute()
  await kysely
    .updateTable('limit_request')
    .set({ state: 'declined', reason: 'Another one.', decided_at: now })
    .where('account_id', '=', accountId)
    .where('state', '=', 'open')
    .execute()
  await kysely
    .insertInto('intervention')
    .values({
      id: intervention,
      account_id: accountId,
      step: 'notice',
      reason: 'Too much.',
      created_at: now,
    })
    .execute()
  await kysely
    .insertInto('limit_request')
    .values({
      id: limitRequest,
      account_id: accountId,
      ...sealRow(vault, 'limit_request', own(limitRequest), { purpose: 'A study.' }),
      points: 500_000,
      until: new Date(now.getTime() + DAY_MS),
      created_at: now,
    })
    .execute()
  const [oldKeyUuid, key] = await insertKeys(database, vault, accountId)
  await insertUsage(database, { accountId, keyId: oldKeyUuid, now })
  const audit = v7()
  await kysely
    .insertInto('audit')
    .values({
      id: audit,
      account_id: accountId,
      actor_id: accountId,
      actor_kind: 'key',
      credential_id: key,
      action: 'try-it-out',
      created_at: now,
    })
    .execute()
  const [session, endedSession, expiredSession] = await insertSessions(database, vault, accountId)
  return {
    profile: formatId('acc', accountId),
    privateSet: formatId('set', privateSet),
    publicSet: formatId('set', publicSet),
    privatePattern: formatId('pat', privatePattern),
    publicPattern: formatId('pat', publicPattern),
    bookmark: formatId('bkm', bookmark),
    bulkExport: formatId('exp', bulkExport),
    draft,
    intervention: formatId('itv', intervention),
    limitRequest: formatId('lim', limitRequest),
    suggestion: formatId('sug', suggestion),
    key: formatId('key', key),
    oldKeyUuid,
    session: formatId('ses', session),
    endedSession: formatId('ses', endedSession),
    expiredSession: formatId('ses', expiredSession),
    audit: formatId('aud', audit),
  }
}

async function insertKeys({ kysely }: Tables, vault: Vault, accountId: string) {
  const ids = [v7(), v7()] as const
  const now = new Date()
  await kysely
    .insertInto('api_key')
    .values(
      ids.map((id) => ({
        id,
        account_id: accountId,
        ...sealRow(vault, 'api_key', { row: id, owner: accountId }, { name: 'A key' }),
        level: 1,
        digest: randomBytes(32),
        pepper_id: vault.pepper.id,
        expires_at: new Date(now.getTime() + DAY_MS),
        created_at: now,
        updated_at: now,
      })),
    )
    .execute()
  return ids
}

async function insertSessions({ kysely }: Tables, vault: Vault, accountId: string) {
  const ids = [v7(), v7(), v7()] as const
  const now = new Date()
  await kysely
    .insertInto('session')
    .values(
      ids.map((id, at) => ({
        id,
        account_id: accountId,
        ...sealRow(vault, 'session', { row: id, owner: accountId }, { device: 'A device' }),
        method: 'link' as const,
        expires_at: new Date(now.getTime() + (at === 2 ? -DAY_MS : DAY_MS)),
        ended_at: at === 1 ? now : null,
        end_reason: at === 1 ? ('signed_out' as const) : null,
        last_used_at: now,
        created_at: new Date(now.getTime() - DAY_MS),
      })),
    )
    .execute()
  return ids
}

/** A curated set in each state of publication. */
export async function insertCurated(database: Tables): Promise<CuratedIds> {
  return {
    published: await insertCuratedSet(database, 'published', null),
    draft: await insertCuratedSet(database, 'draft', null),
    retired: await insertCuratedSet(database, 'retired', null),
  }
}

async function insertCuratedSet(
  { kysely }: Tables,
  publication: Publication,
  curatorId: string | null,
): Promise<string> {
  const id = v7()
  const now = new Date()
  await kysely
    .insertInto('curated_set')
    .values({
      id,
      curator_id: curatorId,
      names: JSON.stringify({ en: publication }),
      tags: ['adults'],
      publication,
      height_mm: 1680,
      measurements: JSON.stringify(MEASUREMENTS),
      measured: measuredBits(MEASUREMENTS),
      created_at: now,
      updated_at: now,
    })
    .execute()
  return formatId('cur', id)
}

/** What the account has used lately. */
async function insertUsage(
  { kysely }: Tables,
  {
    accountId,
    keyId,
    now,
  }: { readonly accountId: string; readonly keyId: string; readonly now: Date },
): Promise<void> {
  const beginning = (ms: number): Date => new Date(Math.floor(now.getTime() / ms) * ms)
  const whose = { account_id: accountId, key_id: keyId }
  const used = {
    ...whose,
    operation: 'Sets',
    operations: 30,
    refusals: 1,
    estimated: 90,
    points: 50,
    debited: 0,
    rows: 20,
    database_us: 4000,
    bytes: 9000,
    duration_us: 9000,
  }
  await kysely
    .insertInto('usage_hour')
    .values({ ...used, hour: beginning(HOUR_MS) })
    .execute()
  const day = beginning(DAY_MS)
  await kysely
    .insertInto('usage_day')
    .values({ ...used, day })
    .execute()
  const { rows: _rows, duration_us: _duration, debited: _debited, operation, ...sums } = used
  const { refusals: _refusals, debited: _none, ...line } = used
  const whence = { gateway_id: v7(), segment: 1, place: 0, request_id: 'r-1' }
  await kysely
    .insertInto('usage_record')
    .values({ ...line, ...whence, recorded_at: now, outcome: 'OK' })
    .execute()
  const nothing = { account_id: null, key_id: null, operation: null }
  const kinds = [
    { ...sums, ...nothing, day, kind: 'account', account_id: accountId },
    { ...sums, ...nothing, day, kind: 'key', key_id: keyId },
    { ...sums, ...nothing, day, kind: 'operation', operation },
    { ...sums, ...nothing, day, kind: 'all' },
  ]
  // Operations of one name are one row, whoever asked for them.
  await kysely
    .insertInto('usage_apart')
    .values(kinds)
    .onConflict((old) => old.doNothing())
    .execute()
  const outcome = 'LEVEL_TOO_LOW'
  await kysely
    .insertInto('usage_refusal')
    .values({ ...whose, day, outcome, refusals: 1 })
    .execute()
  const free = { per_operation: 0, per_point: 0, per_database_us: 0, per_byte: 1e-9 }
  const bill = { currency: 'EUR', ceiling: 100, spent: 60, forecast: 120, point_price: 0.001 }
  await kysely
    .insertInto('bill_month')
    .values({ ...free, ...bill, month: new Date('2026-01-01T00:00:00Z'), counted_at: now })
    .onConflict((old) => old.doNothing())
    .execute()
  await kysely
    .insertInto('quota_share')
    .values({ account_id: accountId, restore_per_second: 1, demand_per_second: 2 })
    .onConflict((old) => old.doNothing())
    .execute()
}
