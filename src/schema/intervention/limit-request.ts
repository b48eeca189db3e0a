import { sql } from 'kysely'
import { accountProfileRows } from '../account/account.sql.ts'
import { builder } from '../builder.ts'
import { connectionOf, pageArguments } from '../connection.ts'
import { createdAt } from '../dated-fields.ts'
import { Account, AccountProfile, LimitRequest } from '../refs.ts'
import { sealedLabel } from '../sealed-fields.ts'
import { id, label, moment, nullable, plain, text } from '../sql-json.ts'
import { idIn, referringBy } from '../ties.ts'
import { EARLIEST_FIRST, LATEST_FIRST, limitRequestRows } from './intervention.sql.ts'

const LimitRequestState = builder.enumType('LimitRequestState', {
  description: 'What has come of a request for a higher limit.',
  values: {
    OPEN: { value: 'open', description: 'Nobody has decided yet.' },
    GRANTED: { value: 'granted', description: 'The limit is higher, until its end.' },
    DECLINED: { value: 'declined', description: 'The usual limit holds.' },
  } as const,
})

const scope = 'public'

LimitRequest.implement({
  description:
    'What somebody needs more points for: its owner sees it, and whoever watches over use.',
  fields: (t) => ({
    id: t.id({ scope, description: 'Names the request everywhere: `lim_…`.', source: id('lim') }),
    purpose: t.string({ scope, description: 'What for.', source: sealedLabel }),
    points: t.int({ scope, description: 'Points a day that are needed.', source: plain('points') }),
    until: t.field({
      type: 'DateTime',
      scope,
      description: 'Until when they are needed.',
      source: moment('until'),
    }),
    state: t.field({
      type: LimitRequestState,
      scope,
      description: 'What has come of it.',
      source: label('state'),
    }),
    grantedPoints: t.int({
      scope,
      nullable: true,
      description: 'Points a day that were granted; null where none were.',
      source: nullable('granted_points', plain),
    }),
    grantedUntil: t.field({
      type: 'DateTime',
      scope,
      nullable: true,
      description: 'When the grant ends by itself; null where there is none.',
      source: nullable('granted_until', moment),
    }),
    reason: t.string({
      scope,
      nullable: true,
      description: 'What was said to the decision.',
      source: text('reason'),
    }),
    decidedAt: t.field({
      type: 'DateTime',
      scope,
      nullable: true,
      description: 'When it was granted or declined.',
      source: nullable('decided_at', moment),
    }),
    createdAt: t.field(createdAt(scope)),
    account: t.field({
      type: AccountProfile,
      nullable: true,
      scope: 'interventions:read',
      price: 'relation',
      description: 'Who asks.',
      source: { kind: 'one', rows: accountProfileRows, on: idIn('account_id') },
    }),
  }),
})

const LimitRequestConnection = connectionOf('LimitRequest', LimitRequest)

builder.objectField(Account, 'limitRequests', (t) =>
  t.field({
    type: LimitRequestConnection,
    scope: 'own-account:read',
    price: 'connection',
    description: 'Higher limits that the account has asked for, latest first.',
    args: pageArguments,
    source: {
      kind: 'page',
      rows: limitRequestRows,
      own: true,
      on: referringBy('account_id'),
      orders: LATEST_FIRST,
      order: () => 'LATEST',
      filters: [],
    },
  }),
)

builder.queryField('limitRequests', (t) =>
  t.field({
    type: LimitRequestConnection,
    scope: 'interventions:read',
    price: 'connection',
    description: 'Higher limits that people ask for, earliest first.',
    args: {
      ...pageArguments,
      state: t.arg({
        type: LimitRequestState,
        defaultValue: 'open',
        description: 'Only requests in this state; any where null.',
      }),
    },
    source: {
      kind: 'page',
      rows: limitRequestRows,
      on: null,
      orders: EARLIEST_FIRST,
      order: () => 'EARLIEST',
      filters: [
        {
          value: ({ state }) => state,
          where: (row, state) => sql`${sql.ref(`${row}.state`)} = ${state}::limit_request_state`,
        },
      ],
    },
  }),
)
