import { createdAt, updatedAt } from '../dated-fields.ts'
import { sql } from 'kysely'
import { builder } from '../builder.ts'
import { pageArguments } from '../connection.ts'
import { ApiKeyConnection } from '../connections.ts'
import { byCreation, DATED_ORDERS } from '../pages.ts'
import { ApiKey, Node } from '../refs.ts'
import { sealedLabel } from '../sealed-fields.ts'
import { id, label, moment, nullable, plain, requiredText } from '../sql-json.ts'
import { idIn, ofReader } from '../ties.ts'
import { apiKeyRows } from './api-key.sql.ts'

const ApiKeyState = builder.enumType('ApiKeyState', {
  description: 'Whether a key opens anything.',
  values: {
    ACTIVE: { description: 'It does.' },
    ROTATING: { description: 'It does until it expires; another key has taken its place.' },
    EXPIRED: { description: 'Its time is over.' },
    REVOKED: { description: 'It was taken back.' },
  } as const,
})

const RevocationReason = builder.enumType('RevocationReason', {
  description: 'Why a key was taken back.',
  values: {
    OWNER: { description: 'By its owner.' },
    ADMIN: { description: 'By an administrator.' },
    ABUSE: { description: 'For use beyond what can be supported.' },
    LEAK: { description: 'Because it had become public.' },
    DOWNGRADE: { description: 'Because the role of its owner no longer allows it.' },
    BLOCK: { description: 'Because the account was blocked.' },
    CONSENT: { description: 'Because consent was withdrawn.' },
  } as const,
})

const scope = 'own-keys:read'

ApiKey.implement({
  description: 'What is known of an API key; never its secret.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ scope, description: 'Names the key everywhere: `key_…`.', source: id('key') }),
    name: t.string({ scope, description: 'What the owner calls it.', source: sealedLabel }),
    level: t.int({
      scope,
      description:
        'The access level it was given, 0 to 8; role and state of the account may narrow it.',
      source: plain('level'),
    }),
    state: t.field({
      type: ApiKeyState,
      scope,
      description: 'Whether it opens anything.',
      source: {
        kind: 'column',
        json: (row) => [
          sql`case when ${sql.ref(`${row}.revoked_at`)} is not null then '"REVOKED"'
          when ${sql.ref(`${row}.expires_at`)} <= now() then '"EXPIRED"'
          when ${sql.ref(`${row}.replaced_by_id`)} is not null then '"ROTATING"' else '"ACTIVE"' end`,
        ],
      },
    }),
    expiresAt: t.field({
      type: 'DateTime',
      scope,
      description: 'When it stops opening anything.',
      source: moment('expires_at'),
    }),
    revokedAt: t.field({
      type: 'DateTime',
      nullable: true,
      scope,
      description: 'When it was taken back; null where it was not.',
      source: nullable('revoked_at', moment),
    }),
    revocationReason: t.field({
      type: RevocationReason,
      nullable: true,
      scope,
      description: 'Why it was taken back; null where it was not.',
      source: nullable('revocation_reason', label),
    }),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      scope,
      description: 'When it last opened something; null where nothing of that is recorded.',
      source: nullable('last_used_at', moment),
    }),
    calls: t.int({
      scope,
      description:
        'Operations that it ran so far; what ran within the last two seconds may not be counted yet.',
      source: plain('calls'),
    }),
    networks: t.stringList({
      scope,
      price: 'scalar-list',
      atMost: 50,
      description: 'Networks that it may be used from; empty: from anywhere.',
      source: requiredText('networks'),
    }),
    origins: t.stringList({
      scope,
      price: 'scalar-list',
      atMost: 50,
      description: 'Web origins that it may be used from; empty: from any.',
      source: requiredText('origins'),
    }),
    replacedBy: t.field({
      type: ApiKey,
      nullable: true,
      scope,
      price: 'relation',
      description: 'The key that took its place; null where none did.',
      source: { kind: 'one', rows: apiKeyRows, on: idIn('replaced_by_id') },
    }),
    createdAt: t.field(createdAt(scope)),
    updatedAt: t.field(updatedAt(scope)),
  }),
})

/** What every list of keys has in common. */
export const apiKeyPage = {
  kind: 'page',
  rows: apiKeyRows,
  orders: DATED_ORDERS,
  order: byCreation,
  filters: [],
} as const

builder.queryField('apiKeys', (t) =>
  t.field({
    type: ApiKeyConnection,
    scope,
    price: 'connection',
    description: 'The own API keys, earliest made first: what is known of them, never a secret.',
    args: pageArguments,
    source: { ...apiKeyPage, own: true, on: ofReader },
  }),
)
