import { sql } from 'kysely'
import { accountProfileRows } from '../account/account.sql.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { AccountProfile } from '../refs.ts'
import { moment, nullable, plain, requiredText } from '../sql-json.ts'
import { idIn } from '../ties.ts'
import { scope } from './ledger-source.ts'

/** A type with what was used, beside whatever it was used by. */
function usedBy(name: string, description: string) {
  return builder.objectRef<object>(name).implement({
    description,
    extensions: FREE,
    fields: (t) => ({
      operations: t.float({
        scope,
        description: 'How many operations there were, refused ones too.',
        source: plain('operations'),
      }),
      points: t.float({ scope, description: 'What they cost.', source: plain('points') }),
      refusals: t.float({
        scope,
        description: 'How many of them were refused.',
        source: plain('refusals'),
      }),
      databaseMs: t.float({
        scope,
        description: 'What they took the database, in milliseconds.',
        source: plain('database_ms'),
      }),
      bytes: t.float({ scope, description: 'Bytes of their answers.', source: plain('bytes') }),
      cost: t.float({
        nullable: true,
        scope,
        description:
          'What they cost in money, at the prices of now and in the currency of the bill. Null before a bill was counted.',
        source: nullable('cost', plain),
      }),
      looseness: t.float({
        nullable: true,
        scope,
        description:
          'What they could cost by what they cost: 1 where prices are exact. Null where nothing was paid.',
        source: nullable('looseness', plain),
      }),
    }),
  })
}

export const OversightAccount = usedBy('OversightAccount', 'An account, and what it has used.')
export const OversightKey = usedBy('OversightKey', 'An API key, and what it has used.')
export const OversightOperation = usedBy(
  'OversightOperation',
  'Operations of one name, and what they have used.',
)
export const OversightDay = usedBy('OversightDay', 'A time, and what was used in it.')

builder.objectFields(OversightAccount, (t) => ({
  account: t.field({
    type: AccountProfile,
    nullable: true,
    scope,
    price: 'relation',
    description: 'Null for all accounts that were deleted, together.',
    source: { kind: 'one', rows: accountProfileRows, on: idIn('account_id') },
  }),
}))

builder.objectFields(OversightKey, (t) => ({
  key: t.id({
    scope,
    description: 'Names the key everywhere: `key_…`.',
    source: {
      kind: 'column',
      json: (row) => ['"key_', sql`base58(${sql.ref(`${row}.key_id`)})`, '"'],
    },
  }),
}))

builder.objectFields(OversightOperation, (t) => ({
  operation: t.string({
    scope,
    description: 'Their name in documents; empty for those without one.',
    source: requiredText('operation'),
  }),
}))

builder.objectFields(OversightDay, (t) => ({
  from: t.field({
    type: 'DateTime',
    scope,
    description: 'When it begins.',
    source: moment('from_at'),
  }),
  to: t.field({
    type: 'DateTime',
    scope,
    description: 'The first moment that is not in it.',
    source: moment('to_at'),
  }),
}))

export const RefusalCount = builder.objectRef<object>('RefusalCount').implement({
  description: 'How often a code has refused an operation.',
  extensions: FREE,
  fields: (t) => ({
    code: t.string({ scope, description: 'The code.', source: requiredText('code') }),
    refusals: t.float({
      scope,
      description: 'How many operations it has refused. The unit is one.',
      source: plain('refusals'),
    }),
  }),
})
