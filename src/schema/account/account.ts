import { createdAt, updatedAt } from '../dated-fields.ts'
import { sql } from 'kysely'
import { apiKeyPage } from '../api-key/api-key.ts'
import { bookmarkPage } from '../bookmark/bookmark.ts'
import { builder } from '../builder.ts'
import { pageArguments } from '../connection.ts'
import {
  ApiKeyConnection,
  BookmarkConnection,
  MeasurementSetConnection,
  PatternConnection,
} from '../connections.ts'
import { Language, Units } from '../enums.ts'
import {
  measurementSetArguments,
  measurementSetPage,
} from '../measurement-set/measurement-set.queries.ts'
import { patternArguments, patternPage } from '../pattern/pattern.queries.ts'
import { Account } from '../refs.ts'
import { bodyMember, sealedLabel } from '../sealed-fields.ts'
import { id, label, moment, nullable, plain, requiredText } from '../sql-json.ts'
import { referringBy } from '../ties.ts'
import { AccountStatus, Consent, Role } from './account-enums.ts'
import { ownAccountRows } from './account.sql.ts'

const scope = 'own-account:read'

Account.implement({
  description: 'The own account.',
  fields: (t) => ({
    id: t.id({
      scope: 'self',
      description:
        'Names the account everywhere: `acc_…`. Its AccountProfile has the same id, and is what `node` answers.',
      source: id('acc'),
    }),
    username: t.string({
      scope: 'self',
      description: 'Unique, whatever the letter case.',
      source: requiredText('username'),
    }),
    status: t.field({
      type: AccountStatus,
      scope: 'self',
      description: 'Whether the account is open.',
      source: label('status'),
    }),
    consent: t.field({
      type: Consent,
      scope: 'self',
      description: 'What the person has agreed to.',
      source: label('consent'),
    }),
    role: t.field({
      type: Role,
      scope,
      description: 'What the account is trusted with.',
      source: label('role'),
    }),
    email: t.string({
      scope,
      description: 'The e-mail address, confirmed once the account is no longer INACTIVE.',
      source: sealedLabel,
    }),
    bio: t.string({
      scope,
      nullable: true,
      description: 'Markdown, public.',
      source: bodyMember('account', 'bio'),
    }),
    image: t.string({
      scope,
      nullable: true,
      description: 'URL of a picture, public.',
      source: bodyMember('account', 'image'),
    }),
    units: t.field({
      type: Units,
      scope,
      description: 'How the person prefers to see lengths.',
      source: label('units'),
    }),
    language: t.field({
      type: Language,
      scope,
      description: 'The preferred language.',
      source: label('language'),
    }),
    newsletter: t.boolean({
      scope,
      description: 'Whether the newsletter is wanted.',
      source: plain('newsletter'),
    }),
    control: t.int({
      scope,
      description: 'How much of the interface the person wants to see: 1 (little) to 5 (all).',
      source: plain('control'),
    }),
    patron: t.boolean({
      scope,
      description: 'Whether the person supports the community with money.',
      source: plain('patron'),
    }),
    mfaEnabled: t.boolean({
      scope,
      description: 'Whether signing in needs a second factor.',
      source: plain('mfa_enabled'),
    }),
    createdAt: t.field(createdAt(scope)),
    updatedAt: t.field(updatedAt(scope)),
    lastSeenAt: t.field({
      type: 'DateTime',
      nullable: true,
      scope,
      description: 'When it was last used; null where nothing of that is recorded.',
      source: nullable('last_seen_at', moment),
    }),
    keyCalls: t.int({
      scope,
      description: 'Operations that its API keys ran so far.',
      source: plain('key_calls'),
    }),
    sessionCalls: t.int({
      scope,
      description: 'Operations that its sessions ran so far.',
      source: plain('session_calls'),
    }),
    measurementSets: t.field({
      type: MeasurementSetConnection,
      scope: 'own-sets:read',
      price: 'connection',
      description: 'All measurement sets of the account.',
      args: { ...pageArguments, ...measurementSetArguments },
      source: { ...measurementSetPage, own: true, on: referringBy('account_id') },
    }),
    patterns: t.field({
      type: PatternConnection,
      scope: 'own-patterns:read',
      price: 'connection',
      description: 'All patterns of the account.',
      args: { ...pageArguments, ...patternArguments },
      source: { ...patternPage, own: true, on: referringBy('account_id') },
    }),
    bookmarks: t.field({
      type: BookmarkConnection,
      scope: 'own-bookmarks:read',
      price: 'connection',
      description: 'All bookmarks of the account, earliest made first.',
      args: pageArguments,
      source: { ...bookmarkPage, own: true, on: referringBy('account_id') },
    }),
    apiKeys: t.field({
      type: ApiKeyConnection,
      scope: 'own-keys:read',
      price: 'connection',
      description:
        'All API keys of the account, earliest made first: what is known of them, never a secret.',
      args: pageArguments,
      source: { ...apiKeyPage, own: true, on: referringBy('account_id') },
    }),
  }),
})

builder.queryField('me', (t) =>
  t.field({
    type: Account,
    nullable: true,
    scope: 'self',
    price: 'relation',
    description: 'The own account: who am I.',
    source: {
      kind: 'one',
      rows: ownAccountRows,
      on: {
        condition: ({ row, reader }) => sql`${sql.ref(`${row}.id`)} = ${reader.me}`,
      },
    },
  }),
)
