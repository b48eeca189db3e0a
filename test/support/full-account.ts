import { randomBytes } from 'node:crypto'

import { v7 } from 'uuid'

import { recordAct } from '../../src/audit/record-act.ts'
import { makeLink } from '../../src/auth/sign-in/links.ts'
import { formatId } from '../../src/ids.ts'
import { queueMail } from '../../src/mail/outbox.ts'
import { sealRow } from '../../src/vault/seal-row.ts'
import type { TestGateway } from './gateway.ts'
import { signedIn } from './signed-in.ts'

/** Found nowhere by chance, as a short name is in sealed text. */
export const FULL_NAME = 'Ada-Curie-Maker'

/** An account with at least one row of its own in every table, and `sets` measurement sets. */
export async function fullAccount(gateway: TestGateway, sets = 1) {
  const { database, vault, acts } = gateway
  const { kysely } = database
  const accountId = await gateway.account({ username: FULL_NAME })
  const bystander = await gateway.account({ username: 'ben' })
  const now = new Date('2026-01-01T12:00:00.123Z')
  const dated = { created_at: now, updated_at: now }
  const session = await signedIn(gateway, accountId)
  const key = await gateway.issueKey({ accountId })
  const { id: keyId } = await kysely
    .selectFrom('api_key')
    .select('id')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  await kysely
    .insertInto('session_refresh')
    .values({ digest: randomBytes(32), session_id: session.sessionId, created_at: now })
    .execute()
  await kysely
    .insertInto('quota_limit')
    .values([
      { account_id: accountId, partition: 'day', capacity: 5000 },
      {
        account_id: accountId,
        partition: 'day',
        capacity: 6000,
        valid_until: new Date(now.getTime() + 86_400_000),
      },
      { account_id: accountId, api_key_id: keyId, partition: 'day', capacity: 500 },
    ])
    .execute()
  await kysely
    .insertInto('quota_budget')
    .values([
      { partition: 'burst', subject: accountId, reserved: 7 },
      { partition: 'key-day', subject: keyId, reserved: 3 },
    ])
    .execute()
  const factor = v7()
  const ids = (row: string) => ({ row, owner: accountId })
  await kysely
    .insertInto('second_factor')
    .values({
      id: factor,
      account_id: accountId,
      ...sealRow(vault, 'second_factor', ids(factor), { secret: 'JBSWY3DPEHPK3PXP' }),
      recovery_digests: [randomBytes(32)],
      created_at: now,
    })
    .execute()
  await kysely
    .insertInto('credential')
    .values({
      account_id: accountId,
      password_hash: await acts.passwords.hash('correct horse battery'),
      updated_at: now,
    })
    .execute()
  const setIds = Array.from({ length: sets }, () => v7())
  const [firstSet = ''] = setIds
  await kysely
    .insertInto('measurement_set')
    .values(
      setIds.map((id, i) => ({
        id,
        account_id: accountId,
        base_set_id: i === 0 ? null : firstSet,
        ...sealRow(vault, 'measurement_set', ids(id), {
          name: `Set ${i + 1}`,
          notes: '- "quoted": yes\n\n  # no comment\n',
          measurements: { chest: 914.4, shoulderSlope: 13 },
        }),
        // Many at the same moment, so that their ids decide.
        ...dated,
      })),
    )
    .execute()
  const pattern = v7()
  await kysely
    .insertInto('pattern')
    .values({
      id: pattern,
      account_id: accountId,
      measurement_set_id: firstSet,
      design: 'aaron',
      ...sealRow(vault, 'pattern', ids(pattern), { name: 'Aaron', settings: { sa: 10 } }),
      ...dated,
    })
    .execute()
  const url = 'https://example.org/?a=1&b=2'
  await kysely
    .insertInto('bookmark')
    .values({ id: v7(), account_id: accountId, type: 'custom', title: 'yes', url, ...dated })
    .execute()
  const curated = v7()
  await kysely
    .insertInto('curated_set')
    .values({
      id: curated,
      curator_id: accountId,
      names: JSON.stringify({ en: 'Doll' }),
      measurements: JSON.stringify({ chest: 91 }),
      measured: 1,
      ...dated,
    })
    .execute()
  const suggestion = (owner: string, decidedBy: string) => {
    const id = v7()
    const content = { name: 'Doll', notes: null, measurements: { chest: 91 }, note: 'For all.' }
    return {
      id,
      account_id: owner,
      ...sealRow(vault, 'curated_suggestion', { row: id, owner }, content),
      measured: 1,
      state: 'declined' as const,
      reason: 'There is one like it.',
      decided_by: decidedBy,
      decided_at: now,
      ...dated,
    }
  }
  await kysely
    .insertInto('curated_suggestion')
    .values([suggestion(accountId, bystander), suggestion(bystander, accountId)])
    .execute()
  const { token: linkToken } = await kysely
    .transaction()
    .execute((trx) =>
      makeLink(trx, acts, { accountId, purpose: 'change_email', carried: 'n@x.org' }),
    )
  const text = `Open https://maat.example/#token=${linkToken} soon.`
  const message = { to: `${FULL_NAME}@example.test`, subject: 'A link', text }
  await queueMail(kysely, vault, { accountId, message, now })
  const act = { actorKind: 'key', credentialId: keyId, at: now } as const
  const own = { ...act, accountId, actorId: accountId }
  await recordAct(kysely, { ...own, action: 'create-api-key', subject: formatId('key', keyId) })
  await recordAct(kysely, { ...own, accountId: bystander, action: 'update-account' })
  const once = v7()
  await kysely
    .insertInto('idempotent_act')
    .values({
      id: once,
      account_id: accountId,
      key_digest: randomBytes(32),
      request_digest: randomBytes(32),
      ...sealRow(vault, 'idempotent_act', ids(once), { outcome: '{"type":"X"}' }),
      created_at: now,
    })
    .execute()
  const exported = v7()
  await kysely
    .insertInto('bulk_export')
    .values({
      id: exported,
      account_id: accountId,
      credential_kind: 'key',
      credential_id: keyId,
      level: 1,
      is_all: false,
      ...sealRow(vault, 'bulk_export', ids(exported), {
        asked: JSON.stringify({ query: '{ measurementSets { nodes { id } } }', url: null }),
      }),
      created_at: now,
      worked_at: now,
    })
    .execute()
  const part = v7()
  await kysely
    .insertInto('bulk_export_page')
    .values({
      id: part,
      account_id: accountId,
      export_id: exported,
      number: 0,
      ...sealRow(vault, 'bulk_export_page', ids(part), { part: `${exported} 0\n` }),
      created_at: now,
    })
    .execute()
  await keepInterventions(gateway, { accountId, bystander, at: now })
  await keepUsage(gateway, { accountId, keyId, at: now })
  return { accountId, bystander, session, key, keyId, linkToken, curated }
}

/** What was done about its use, and what it did about the bystander's. */
async function keepInterventions(
  { database: { kysely }, vault }: TestGateway,
  { accountId, bystander, at }: { accountId: string; bystander: string; at: Date },
): Promise<void> {
  const step = { step: 'notice', reason: 'Too much at once.', created_at: at } as const
  const lifted = { ended_at: at, end_reason: 'lifted', ended_by: accountId } as const
  await kysely
    .insertInto('intervention')
    .values([
      { ...step, id: v7(), account_id: accountId, decided_by: bystander },
      { ...step, ...lifted, id: v7(), account_id: bystander, decided_by: accountId },
    ])
    .execute()
  const request = (owner: string, decidedBy: string) => {
    const id = v7()
    return {
      id,
      account_id: owner,
      ...sealRow(vault, 'limit_request', { row: id, owner }, { purpose: 'A study.' }),
      points: 500_000,
      until: at,
      state: 'declined' as const,
      reason: 'Ask for less.',
      decided_by: decidedBy,
      decided_at: at,
      created_at: at,
    }
  }
  await kysely
    .insertInto('limit_request')
    .values([request(accountId, bystander), request(bystander, accountId)])
    .execute()
}

/** A line of it in every table of the ledger. */
async function keepUsage(
  { database }: TestGateway,
  { accountId, keyId, at }: { accountId: string; keyId: string; at: Date },
): Promise<void> {
  for (const table of ['usage_record', 'usage_hour', 'usage_day', 'usage_apart', 'usage_refusal']) {
    // oxlint-disable-next-line no-await-in-loop
    await database.pool.query('select ledger_month($1, $2)', [table, at])
  }
  const whose = { account_id: accountId, key_id: keyId }
  const cost = { operation: 'Sets', estimated: 9, points: 5, rows: 1, database_us: 900, bytes: 400 }
  const sums = { ...cost, duration_us: 2000, operations: 2, refusals: 1, debited: 0 }
  const { kysely } = database
  const line = { gateway_id: v7(), segment: 1, place: 0, recorded_at: at, request_id: 'r-1' }
  // Nothing of it is drawn on a budget.
  const free = { outcome: 'OK', operations: 1, duration_us: 2000 }
  await kysely
    .insertInto('usage_record')
    .values({ ...line, ...whose, ...cost, ...free })
    .execute()
  await kysely
    .insertInto('usage_hour')
    .values({ ...whose, ...sums, hour: new Date('2026-01-01T12:00:00Z') })
    .execute()
  const day = new Date('2026-01-01T00:00:00Z')
  await kysely
    .insertInto('usage_day')
    .values({ ...whose, ...sums, day })
    .execute()
  const {
    rows: _rows,
    duration_us: _duration,
    debited: _debited,
    operation: _name,
    ...totals
  } = sums
  const apart = { ...totals, day, operation: null }
  await kysely
    .insertInto('usage_apart')
    .values([
      { ...apart, kind: 'account', account_id: accountId },
      { ...apart, kind: 'key', key_id: keyId },
    ])
    .execute()
  const outcome = 'LEVEL_TOO_LOW'
  await kysely
    .insertInto('usage_refusal')
    .values({ ...whose, day, outcome, refusals: 1 })
    .execute()
  await kysely
    .insertInto('quota_share')
    .values({ account_id: accountId, restore_per_second: 1, demand_per_second: 2 })
    .execute()
  await kysely
    .insertInto('usage_use')
    .values({ ...whose, gateway_id: v7(), segment: 1, place: 0, calls: 1, used_at: at })
    .execute()
  const forfeit = { kind: 'forfeit', points: 5, explained: 5, reason: 'unsettled' } as const
  await kysely
    .insertInto('ledger_entry')
    .values({ id: v7(), account_id: accountId, ...forfeit, leased_at: at, created_at: at })
    .execute()
  await kysely
    .insertInto('ledger_brought_forward')
    .values({ account_id: accountId, points: 0 })
    .execute()
}
