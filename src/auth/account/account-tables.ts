import { sql } from 'kysely'
import type { AccountTable, ColumnUse, MadeOf, OtherTable, Table } from './account-table.ts'
import { OWN_PARTITIONS } from './erase-account.ts'
import { formatId, type IdPrefix } from '../../ids.ts'

const DATED = ['created_at', 'id'] as const

const mine = { count: 'many', column: 'account_id', onDeletion: 'goes' } as const

const slug = using('slug')
const opened = using('opened')
const shown = using('shown')
const number = using('number')
const inside = using('inside')
const secret = using('secret')

function using<Use extends ColumnUse>(use: Use) {
  return <Column extends string>(...columns: readonly Column[]) =>
    // One entry for each of the names.
    Object.fromEntries(columns.map((column) => [column, use])) as Record<Column, Use>
}

function reference(as: string, prefix: IdPrefix, column: string): MadeOf {
  return {
    as,
    value: ({ [column]: uuid }) => (typeof uuid === 'string' ? formatId(prefix, uuid) : null),
  }
}

const NIL = '00000000-0000-0000-0000-000000000000'

const ROLLED_UP = {
  ...shown('operation'),
  ...number(
    'operations',
    'refusals',
    'estimated',
    'points',
    'debited',
    'rows',
    'database_us',
    'bytes',
    'duration_us',
  ),
  ...inside('account_id'),
  key_id: reference('apiKey', 'key', 'key_id'),
}

/**
 * Every table of the database: how its rows belong to an account, what an export tells of them, and what deletion does. A
 * table or column that is not here does not compile, and fails a test that walks the catalogue.
 */
export const ACCOUNT_TABLES = {
  account: {
    columns: {
      ...slug('slug'),
      ...opened('label', 'body'),
      ...shown(
        'username',
        'role',
        'status',
        'closed_status',
        'consent',
        'units',
        'language',
        'newsletter',
        'control',
        'patron',
        'mfa_enabled',
        'version',
        'created_at',
        'updated_at',
        'last_seen_at',
      ),
      ...number('key_calls', 'session_calls'),
      ...inside('id', 'username_key', 'label_index'),
    },
    order: ['id'],
    prefix: 'acc',
    parts: [{ section: 'account', count: 'one', column: 'id', onDeletion: 'goes' }],
  },
  credential: {
    columns: {
      ...shown('updated_at'),
      ...inside('account_id'),
      ...secret('password_hash'),
    },
    order: ['account_id'],
    parts: [{ ...mine, section: 'password', count: 'one' }],
  },
  second_factor: {
    columns: {
      ...shown('confirmed_at', 'created_at'),
      ...inside('id', 'account_id', 'last_step'),
      ...secret('label', 'recovery_digests'),
    },
    order: ['id'],
    parts: [{ ...mine, section: 'secondFactor', count: 'one' }],
  },
  session: {
    columns: {
      ...slug('slug'),
      ...opened('label'),
      ...shown('method', 'expires_at', 'ended_at', 'end_reason', 'last_used_at', 'created_at'),
      ...inside('id', 'account_id'),
    },
    order: DATED,
    prefix: 'ses',
    parts: [{ ...mine, section: 'sessions' }],
  },
  session_refresh: {
    columns: {
      ...shown('used_at', 'created_at'),
      ...inside('digest'),
      session_id: reference('session', 'ses', 'session_id'),
    },
    order: ['digest'],
    parts: [
      {
        section: 'sessionRefreshes',
        count: 'many',
        column: 'session_id',
        belongs: (accountId) =>
          sql`session_id in (select id from session where account_id = ${accountId})`,
        onDeletion: 'goes',
      },
    ],
  },
  one_time_link: {
    columns: {
      ...opened('label'),
      ...shown('purpose', 'expires_at', 'used_at', 'created_at'),
      ...inside('id', 'account_id'),
      ...secret('digest'),
    },
    order: DATED,
    parts: [{ ...mine, section: 'links' }],
  },
  api_key: {
    columns: {
      ...slug('slug'),
      ...opened('label'),
      ...shown(
        'level',
        'expires_at',
        'revoked_at',
        'revocation_reason',
        'networks',
        'origins',
        'last_used_at',
        'version',
        'created_at',
        'updated_at',
      ),
      ...number('calls'),
      ...inside('id', 'account_id', 'pepper_id'),
      ...secret('digest'),
      replaced_by_id: reference('replacedBy', 'key', 'replaced_by_id'),
    },
    order: DATED,
    prefix: 'key',
    parts: [{ ...mine, section: 'apiKeys' }],
  },
  quota_limit: {
    columns: {
      ...shown('partition', 'capacity', 'restore_per_second', 'valid_until', 'created_at'),
      ...inside('account_id'),
      api_key_id: reference('apiKey', 'key', 'api_key_id'),
    },
    order: ['coalesce(api_key_id, account_id)', 'partition', 'valid_until is null'],
    parts: [{ ...mine, section: 'limits' }],
  },
  quota_share: {
    columns: { ...shown('restore_per_second', 'demand_per_second'), ...inside('account_id') },
    order: ['account_id'],
    parts: [{ ...mine, section: 'share', count: 'one' }],
  },
  quota_budget: {
    columns: {
      ...shown('partition', 'drawn', 'at'),
      ...number('reserved', 'refunded', 'forfeited'),
      ...inside('subject'),
    },
    order: ['partition', 'subject'],
    parts: [
      {
        section: 'budgets',
        count: 'many',
        column: 'subject',
        belongs: (accountId) => sql`partition = any (${OWN_PARTITIONS}) and subject in (
          select ${accountId}::text union all select id::text from api_key where account_id = ${accountId})`,
        onDeletion: 'goes',
      },
    ],
  },
  measurement_set: {
    columns: {
      ...slug('slug'),
      ...opened('label', 'body'),
      ...shown('units', 'public', 'version', 'created_at', 'updated_at'),
      ...inside('id', 'account_id', 'label_index', 'measured'),
      base_set_id: reference('baseSet', 'set', 'base_set_id'),
    },
    order: DATED,
    prefix: 'set',
    parts: [{ ...mine, section: 'measurementSets' }],
  },
  pattern: {
    columns: {
      ...slug('slug'),
      ...opened('label', 'body'),
      ...shown('design', 'public', 'version', 'created_at', 'updated_at'),
      ...inside('id', 'account_id', 'label_index'),
      measurement_set_id: reference('measurementSet', 'set', 'measurement_set_id'),
    },
    order: DATED,
    prefix: 'pat',
    parts: [{ ...mine, section: 'patterns' }],
  },
  bookmark: {
    columns: {
      ...slug('slug'),
      ...shown('type', 'title', 'url', 'version', 'created_at', 'updated_at'),
      ...inside('id', 'account_id'),
    },
    order: DATED,
    prefix: 'bkm',
    parts: [{ ...mine, section: 'bookmarks' }],
  },
  curated_set: {
    columns: {
      ...slug('slug'),
      ...shown(
        'names',
        'notes',
        'height_mm',
        'image',
        'tags',
        'measurements',
        'publication',
        'version',
        'created_at',
        'updated_at',
      ),
      ...inside('id', 'curator_id', 'measured'),
    },
    order: DATED,
    prefix: 'cur',
    parts: [{ section: 'curatedSets', count: 'many', column: 'curator_id', onDeletion: 'forgets' }],
  },
  curated_suggestion: {
    columns: {
      ...slug('slug'),
      ...opened('label', 'body'),
      ...shown('state', 'reason', 'decided_at', 'version', 'created_at', 'updated_at'),
      ...inside('id', 'account_id', 'label_index', 'measured', 'decided_by'),
      curated_set_id: reference('curatedSet', 'cur', 'curated_set_id'),
    },
    order: DATED,
    prefix: 'sug',
    parts: [
      { ...mine, section: 'suggestions' },
      {
        section: 'decidedSuggestions',
        count: 'many',
        column: 'decided_by',
        // What was suggested is the other's.
        only: ['slug', 'state', 'reason', 'decided_at'],
        onDeletion: 'forgets',
      },
    ],
  },
  mail: {
    columns: {
      ...opened('label'),
      ...shown('attempts', 'due_at', 'sent_at', 'failure', 'created_at'),
      ...inside('id', 'account_id', 'name'),
    },
    order: DATED,
    reshape: ({ message }) => withoutLinks(String(message)),
    parts: [{ ...mine, section: 'mails' }],
  },
  audit: {
    columns: {
      ...slug('slug'),
      ...shown('actor_kind', 'action', 'subject', 'reason', 'created_at'),
      ...inside('id', 'account_id', 'credential_id'),
      actor_id: { as: 'isOwn', value: ({ actor_id: actor }, accountId) => actor === accountId },
    },
    order: DATED,
    prefix: 'aud',
    parts: [
      { ...mine, section: 'accessLog' },
      {
        section: 'actsOnOthers',
        count: 'many',
        column: 'actor_id',
        belongs: (accountId) => sql`actor_id = ${accountId} and account_id <> ${accountId}`,
        // Whom it was done to, and why, is the other's.
        only: ['actor_kind', 'action', 'created_at'],
        onDeletion: 'forgets',
      },
    ],
  },
  idempotent_act: {
    columns: {
      ...opened('label'),
      ...shown('created_at'),
      ...inside('id', 'account_id'),
      ...secret('key_digest', 'request_digest'),
    },
    order: DATED,
    reshape: ({ outcome }) => ({ outcome: outcome === '' ? null : JSON.parse(String(outcome)) }),
    parts: [{ ...mine, section: 'repeatableActs' }],
  },
  bulk_export: {
    columns: {
      ...slug('slug'),
      ...opened('label'),
      ...shown(
        'credential_kind',
        'level',
        'is_all',
        'state',
        'failure',
        'total',
        'sets',
        'resume_at',
        'started_at',
        'ended_at',
        'expires_at',
        'created_at',
        'worked_at',
      ),
      ...number('bytes'),
      ...inside(
        'id',
        'account_id',
        'credential_id',
        'pages',
        'position',
        'stumbles',
        'claim',
        'claimed_until',
      ),
      ...secret('digest'),
    },
    order: DATED,
    prefix: 'exp',
    // The link opens the file, and is told by the API alone.
    reshape: ({ asked }) => ({ query: JSON.parse(String(asked)).query }),
    parts: [{ ...mine, section: 'bulkExports' }],
  },
  bulk_export_page: {
    columns: {
      ...shown('number', 'created_at'),
      ...inside('id', 'account_id'),
      export_id: reference('bulkExport', 'exp', 'export_id'),
      // A copy of what the sets say, which may be others'; whoever asked for it has the link.
      ...secret('label'),
    },
    order: ['export_id', 'number'],
    parts: [{ ...mine, section: 'bulkExportPages' }],
  },
  intervention: {
    columns: {
      ...slug('slug'),
      ...shown(
        'step',
        'pace',
        'reason',
        'policy',
        'until',
        'ended_at',
        'end_reason',
        'end_note',
        'created_at',
      ),
      ...inside('id', 'account_id', 'decided_by', 'ended_by'),
      api_key_id: reference('apiKey', 'key', 'api_key_id'),
    },
    order: DATED,
    prefix: 'itv',
    parts: [
      { ...mine, section: 'interventions' },
      {
        section: 'interventionsDecided',
        count: 'many',
        column: 'decided_by',
        // Whom it was against, and why, is the other's.
        only: ['step', 'created_at'],
        onDeletion: 'forgets',
      },
      {
        section: 'interventionsEnded',
        count: 'many',
        column: 'ended_by',
        only: ['step', 'ended_at'],
        onDeletion: 'forgets',
      },
    ],
  },
  limit_request: {
    columns: {
      ...slug('slug'),
      ...opened('label'),
      ...shown(
        'points',
        'until',
        'state',
        'granted_points',
        'granted_until',
        'reason',
        'decided_at',
        'created_at',
      ),
      ...inside('id', 'account_id', 'decided_by'),
    },
    order: DATED,
    prefix: 'lim',
    parts: [
      { ...mine, section: 'limitRequests' },
      {
        section: 'limitRequestsDecided',
        count: 'many',
        column: 'decided_by',
        // What was asked for is the other's.
        only: ['slug', 'state', 'decided_at'],
        onDeletion: 'forgets',
      },
    ],
  },
  usage_record: {
    columns: {
      ...shown(
        'recorded_at',
        'request_id',
        'operation',
        'estimated',
        'points',
        'rows',
        'database_us',
        'bytes',
        'duration_us',
        'outcome',
        'operations',
      ),
      ...inside(
        'gateway_id',
        'segment',
        'place',
        'lease_id',
        'leased_at',
        'account_id',
        'document',
      ),
      key_id: reference('apiKey', 'key', 'key_id'),
    },
    order: ['recorded_at', 'gateway_id', 'segment', 'place'],
    parts: [{ ...mine, section: 'usage', onDeletion: 'forgets' }],
  },
  usage_hour: {
    columns: { ...shown('hour'), ...ROLLED_UP },
    order: ['hour', `coalesce(key_id, '${NIL}')`, 'operation'],
    parts: [{ ...mine, section: 'usageByHour', onDeletion: 'forgets' }],
  },
  usage_day: {
    columns: { ...shown('day'), ...ROLLED_UP },
    order: ['day', `coalesce(key_id, '${NIL}')`, 'operation'],
    parts: [{ ...mine, section: 'usageByDay', onDeletion: 'forgets' }],
  },
  usage_apart: {
    columns: {
      ...shown('day', 'kind', 'operation'),
      ...number('operations', 'refusals', 'estimated', 'points', 'database_us', 'bytes'),
      ...inside('account_id'),
      key_id: reference('apiKey', 'key', 'key_id'),
    },
    order: ['day', 'kind'],
    parts: [{ ...mine, section: 'usageTotals', onDeletion: 'forgets' }],
  },
  usage_refusal: {
    columns: {
      ...shown('day', 'outcome'),
      ...number('refusals'),
      ...inside('account_id'),
      key_id: reference('apiKey', 'key', 'key_id'),
    },
    order: ['day', `coalesce(key_id, '${NIL}')`, 'outcome'],
    parts: [{ ...mine, section: 'refusals', onDeletion: 'forgets' }],
  },
  ledger_entry: {
    columns: {
      ...shown('kind', 'reason', 'created_at'),
      ...number('points', 'explained'),
      ...inside('id', 'account_id', 'leased_at'),
    },
    order: DATED,
    parts: [{ ...mine, section: 'ledgerEntries', onDeletion: 'forgets' }],
  },
  ledger_brought_forward: {
    columns: { ...number('points'), ...inside('account_id') },
    order: ['account_id'],
    parts: [{ ...mine, section: 'broughtForward', count: 'one', onDeletion: 'forgets' }],
  },
  usage_use: {
    columns: {
      ...shown('used_at'),
      ...number('calls'),
      ...inside('account_id', 'gateway_id', 'segment', 'place'),
      key_id: reference('apiKey', 'key', 'key_id'),
    },
    order: [`coalesce(key_id, '${NIL}')`, 'gateway_id', 'segment', 'place'],
    parts: [{ ...mine, section: 'usageToCount' }],
  },
  usage_fresh: { nobodys: 'A view of usage_record.' },
  usage_batch: { nobodys: 'Records that came together: gone within a minute.' },
  usage_erasure: {
    nobodys:
      'Accounts that were deleted: gone once the ledger has forgotten them, within a minute.',
  },
  meter_gateway: { nobodys: 'Processes.' },
  meter_segment: { nobodys: 'Files of processes.' },
  quota_forfeited: { nobodys: 'Points that nobody settled: gone within a minute.' },
  mail_request: {
    nobodys:
      'What somebody asked for under an address, who need not be its owner: gone as soon as it is answered.',
  },
  guess: {
    nobodys: 'Digests under a key of the service, of names and addresses: gone in two days.',
  },
  quota_grant: { nobodys: 'Points that are under way: gone within a minute.' },
  gateway: { nobodys: 'Processes.' },
  job: { nobodys: 'Work of the service.' },
  bill_month: { nobodys: 'What everybody has cost together.' },
  usage_document: { nobodys: 'What documents pay for, whoever asks them.' },
  point_cost: { nobodys: 'What operations were measured to take.' },
  vault_key: { nobodys: 'Fingerprints of keys.' },
  design: { nobodys: 'What the release knows of sewing designs.' },
} as const satisfies { readonly [T in Table]: AccountTable<T> | OtherTable }

/** A mail as it was sent, but for the secrets in it: a session is not the mailbox that they were sent to. */
function withoutLinks(message: string): object {
  return JSON.parse(message.replaceAll(/maat_(lk|rt|sk)_[\w-]+/g, 'maat_$1_…'))
}
