import { sql } from 'kysely'
import { KEPT_DAYS } from '../../auth/sweep.ts'
import { apiKeyRows } from '../api-key/api-key.sql.ts'
import { builder } from '../builder.ts'
import { connectionOf, pageArguments } from '../connection.ts'
import { createdAt } from '../dated-fields.ts'
import { Account, ApiKey, AuditEntry } from '../refs.ts'
import { id, label, requiredText, text } from '../sql-json.ts'
import { idIn, ofReader, referringBy } from '../ties.ts'
import { AUDIT_ORDERS, auditRows } from './audit.sql.ts'

const ActorType = builder.enumType('ActorType', {
  description: 'With what something was done.',
  values: {
    KEY: { description: 'With an API key.' },
    SESSION: { description: 'In a session.' },
    LINK: {
      description: 'By whoever had a link from a mail, or a whole key, and was not signed in.',
    },
    OPERATOR: { description: 'With a command on the server.' },
    GATEWAY: { description: 'By the service itself, when its time had come.' },
  } as const,
})

const scope = 'own-account:read'

AuditEntry.implement({
  description: 'Something that was done to the own account.',
  fields: (t) => ({
    id: t.id({ scope, description: 'Names the entry: `aud_…`.', source: id('aud') }),
    action: t.string({
      scope,
      description: 'What was done, in a word: `create-api-key`.',
      source: requiredText('action'),
    }),
    subject: t.string({
      scope,
      nullable: true,
      description: 'Id of what it was done to; null for the account itself.',
      source: text('subject'),
    }),
    reason: t.string({
      scope,
      nullable: true,
      description: 'Why; null where nothing was said.',
      source: text('reason'),
    }),
    by: t.field({ type: ActorType, scope, description: 'With what.', source: label('actor_kind') }),
    isOwn: t.boolean({
      scope,
      description: 'Whether the account itself did it; false too where nobody was signed in.',
      source: {
        kind: 'column',
        json: (row) => [
          sql`coalesce(${sql.ref(`${row}.actor_id`)} = ${sql.ref(`${row}.account_id`)}, false)::text`,
        ],
      },
    }),
    apiKey: t.field({
      type: ApiKey,
      nullable: true,
      scope,
      price: 'relation',
      description: 'The own key that it was done with; null for everything else.',
      source: { kind: 'one', rows: apiKeyRows, on: idIn('credential_id') },
    }),
    createdAt: t.field(createdAt(scope)),
  }),
})

const AuditEntryConnection = connectionOf('AuditEntry', AuditEntry)

const accessLog = {
  type: AuditEntryConnection,
  scope,
  price: 'connection',
  description: `What was done to the own account, latest first: by which key or session, and by whom else. Of the last ${KEPT_DAYS.audit} days.`,
  args: pageArguments,
} as const

const page = {
  kind: 'page',
  rows: auditRows,
  own: true,
  orders: AUDIT_ORDERS,
  order: () => 'LATEST',
  filters: [],
} as const

builder.objectField(Account, 'accessLog', (t) =>
  t.field({ ...accessLog, source: { ...page, on: referringBy('account_id') } }),
)

builder.queryField('accessLog', (t) => t.field({ ...accessLog, source: { ...page, on: ofReader } }))
