import { sql } from 'kysely'
import { uuidOf } from '../../ids.ts'
import { accountProfileRows } from '../account/account.sql.ts'
import { builder } from '../builder.ts'
import { connectionOf, pageArguments } from '../connection.ts'
import { createdAt } from '../dated-fields.ts'
import { Account, AccountProfile, Intervention } from '../refs.ts'
import { id, label, moment, nullable, requiredText, text } from '../sql-json.ts'
import { idIn, referringBy } from '../ties.ts'
import { interventionRows, LATEST_FIRST } from './intervention.sql.ts'

export const InterventionStep = builder.enumType('InterventionStep', {
  description: 'What is done about use beyond what can be supported, by degrees.',
  values: {
    NOTICE: { value: 'notice', description: 'Every answer says so, and nothing is taken.' },
    SLOWER: { value: 'slower', description: 'Budgets fill more slowly: see `pacePercent`.' },
    SUSPENSION: {
      value: 'suspension',
      description:
        'Keys open nothing; signed in, one sees why, answers, takes keys back, and may leave.',
    },
    REVOCATION: {
      value: 'revocation',
      description:
        'Keys are taken back for good. Where it is about the account, no new ones are made while it lasts.',
    },
  } as const,
})

const scope = 'public'

Intervention.implement({
  description:
    'Something that was done about the use of an account or of one of its keys: its owner sees it, and whoever watches over use.',
  fields: (t) => ({
    id: t.id({
      scope,
      description: 'Names the intervention everywhere: `itv_…`.',
      source: id('itv'),
    }),
    step: t.field({
      type: InterventionStep,
      scope,
      description: 'What was done.',
      source: label('step'),
    }),
    key: t.id({
      scope,
      nullable: true,
      description: 'The key that it is about: `key_…`; null for the whole account.',
      source: {
        kind: 'column',
        json: (row) => [
          sql`coalesce((select '"key_' || k.slug || '"' from api_key k where k.id = ${sql.ref(`${row}.api_key_id`)}), 'null')`,
        ],
      },
    }),
    reason: t.string({ scope, description: 'Why.', source: requiredText('reason') }),
    pacePercent: t.int({
      scope,
      nullable: true,
      description: 'Of SLOWER: what is left of budgets and of the rate at which they fill.',
      source: {
        kind: 'column',
        json: (row) => [sql`coalesce(round(${sql.ref(`${row}.pace`)} * 100)::text, 'null')`],
      },
    }),
    policy: t.string({
      scope,
      nullable: true,
      description: 'The policy of the service that did it; null where a person did.',
      source: text('policy'),
    }),
    isInForce: t.boolean({
      scope,
      description: 'Whether it holds now.',
      source: {
        kind: 'column',
        json: (row) => [sql`${isInForce(row)}::text`],
      },
    }),
    until: t.field({
      type: 'DateTime',
      scope,
      nullable: true,
      description: 'When it ends by itself; null where it holds until it is lifted.',
      source: nullable('until', moment),
    }),
    endedAt: t.field({
      type: 'DateTime',
      scope,
      nullable: true,
      description:
        'When it was lifted or another one took its place, or, where it had its effect at once, that moment.',
      source: nullable('ended_at', moment),
    }),
    endNote: t.string({
      scope,
      nullable: true,
      description: 'Why it was lifted; null where it was not.',
      source: text('end_note'),
    }),
    createdAt: t.field(createdAt(scope)),
    account: t.field({
      type: AccountProfile,
      nullable: true,
      scope: 'interventions:read',
      price: 'relation',
      description: 'Whose use it is about.',
      source: { kind: 'one', rows: accountProfileRows, on: idIn('account_id') },
    }),
    decidedBy: t.field({
      type: AccountProfile,
      nullable: true,
      scope: 'interventions:read',
      price: 'relation',
      description: 'Who did it; null where a policy did.',
      source: { kind: 'one', rows: accountProfileRows, on: idIn('decided_by') },
    }),
  }),
})

function isInForce(row: string) {
  return sql`(${sql.ref(`${row}.ended_at`)} is null and coalesce(${sql.ref(`${row}.until`)} > now(), true))`
}

const InterventionConnection = connectionOf('Intervention', Intervention)

const page = {
  kind: 'page',
  rows: interventionRows,
  orders: LATEST_FIRST,
  order: () => 'LATEST',
} as const

builder.objectField(Account, 'interventions', (t) =>
  t.field({
    type: InterventionConnection,
    scope: 'own-account:read',
    price: 'connection',
    description: 'What was done about the use of the account and its keys, latest first.',
    args: pageArguments,
    source: { ...page, own: true, on: referringBy('account_id'), filters: [] },
  }),
)

builder.queryField('interventions', (t) =>
  t.field({
    type: InterventionConnection,
    scope: 'interventions:read',
    price: 'connection',
    description: 'What was done about the use of all accounts, latest first.',
    args: {
      ...pageArguments,
      active: t.arg.boolean({
        defaultValue: true,
        description: 'Only what holds now, or only what is over; both where null.',
      }),
      account: t.arg.id({ description: 'Only what is about this account: `acc_…`.' }),
    },
    source: {
      ...page,
      on: null,
      filters: [
        {
          value: ({ active }) => active,
          where: (row, active) => sql`${isInForce(row)} = ${active}::boolean`,
        },
        {
          value: ({ account }) => account,
          bind: (account) => uuidOf('acc', account),
          where: (row, account) => sql`${sql.ref(`${row}.account_id`)} = ${account}::uuid`,
        },
      ],
    },
  }),
)
