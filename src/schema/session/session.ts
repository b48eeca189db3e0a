import { sql } from 'kysely'
import { builder } from '../builder.ts'
import { connectionOf, pageArguments } from '../connection.ts'
import { createdAt } from '../dated-fields.ts'
import { byCreation, DATED_ORDERS } from '../pages.ts'
import { Session } from '../refs.ts'
import { sealedLabel } from '../sealed-fields.ts'
import { id, label, moment } from '../sql-json.ts'
import { sessionRows } from './session.sql.ts'

const SignInMethod = builder.enumType('SignInMethod', {
  description: 'How a session was opened.',
  values: {
    PASSWORD: { description: 'By password.' },
    LINK: { description: 'By a link that was mailed.' },
    CONFIRMATION: { description: 'By confirming the e-mail address of a new account.' },
    RESET: { description: 'By setting a new password.' },
  } as const,
})

const scope = 'own-sessions:read'

Session.implement({
  description: 'A device that is signed in to the own account.',
  fields: (t) => ({
    id: t.id({ scope, description: 'Names the session: `ses_…`.', source: id('ses') }),
    device: t.string({
      scope,
      description: 'What the device called itself (User-Agent); empty where it did not.',
      source: sealedLabel,
    }),
    method: t.field({
      type: SignInMethod,
      scope,
      description: 'How it was opened.',
      source: label('method'),
    }),
    createdAt: t.field(createdAt(scope)),
    lastUsedAt: t.field({
      type: 'DateTime',
      scope,
      description: 'When it was last used or refreshed.',
      source: moment('last_used_at'),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      scope,
      description: 'When it ends unless it is refreshed before.',
      source: moment('expires_at'),
    }),
  }),
})

const SessionConnection = connectionOf('Session', Session)

builder.queryFields((t) => ({
  sessions: t.field({
    type: SessionConnection,
    scope,
    price: 'connection',
    description: 'The open sessions of the own account, earliest opened first.',
    args: pageArguments,
    source: {
      kind: 'page',
      rows: sessionRows,
      orders: DATED_ORDERS,
      order: byCreation,
      filters: [],
      on: null,
    },
  }),
  session: t.field({
    type: Session,
    nullable: true,
    scope,
    price: 'relation',
    description: 'The session that asks; null where the sign-in is another service’s.',
    source: {
      kind: 'one',
      rows: sessionRows,
      on: { condition: ({ row, reader }) => sql`${sql.ref(`${row}.id`)} = ${reader.session}` },
    },
  }),
}))
