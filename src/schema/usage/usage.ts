import { sql } from 'kysely'

import { apiKeyRows } from '../api-key/api-key.sql.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import type { ComputedSource } from '../plan/source.ts'
import { Account, ApiKey } from '../refs.ts'
import { moment, nullable, plain, requiredText } from '../sql-json.ts'
import { idIn } from '../ties.ts'
import { backwards } from './backwards.ts'
import {
  reportOf,
  reportRows,
  reportTotal,
  ROWS_MAX,
  type Subject,
  usageRows,
} from './usage.sql.ts'

const scope = 'own-account:read'

const UsageStep = builder.enumType('UsageStep', {
  description: 'How long a time each row of a report is about.',
  values: {
    DAY: { description: 'A day in UTC.' },
    HOUR: { description: 'An hour.' },
  } as const,
})

const UsageGroup = builder.enumType('UsageGroup', {
  description: 'What the rows of a report tell apart, beside the time.',
  values: {
    KEY: { description: 'API keys; sessions are one row, without a key.' },
    OPERATION: { description: 'Operations, by their names in documents.' },
    NONE: { description: 'Nothing.' },
  } as const,
})

const UsageRow = builder.objectRef<object>('UsageRow').implement({
  description: 'What was used in a time.',
  extensions: FREE,
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      scope,
      description: 'When the time begins.',
      source: moment('from_at'),
    }),
    to: t.field({
      type: 'DateTime',
      scope,
      description: 'When it ends: the first moment that is not in it.',
      source: moment('to_at'),
    }),
    key: t.field({
      type: ApiKey,
      nullable: true,
      scope: 'own-keys:read',
      price: 'relation',
      description:
        'The key that it is about; null where keys are not told apart, and for what sessions used.',
      source: { kind: 'one', rows: apiKeyRows, on: idIn('key_id') },
    }),
    operation: t.string({
      nullable: true,
      scope,
      description:
        'The name of the operations that it is about; empty for those without one, and for those beyond a hundred names of a key and day. Null where they are not told apart.',
      source: nullable('operation', requiredText),
    }),
    operations: t.int({
      scope,
      description: 'How many there were, refused ones too.',
      source: plain('operations'),
    }),
    points: t.int({ scope, description: 'What they cost.', source: plain('points') }),
    refusals: t.int({
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
  }),
})

const UsageReport = builder.objectRef<object>('UsageReport').implement({
  description:
    'What an account or a key has used, refused operations too. What was just used is in it within two seconds.',
  extensions: FREE,
  fields: (t) => ({
    rows: t.field({
      type: [UsageRow],
      scope,
      price: 'sum',
      atMost: ROWS_MAX,
      description: `A row for each time in which anything was used, earliest first; of more than ${ROWS_MAX}, those with the most points.`,
      source: { kind: 'list', rows: usageRows, ...reportRows },
    }),
    total: t.field({
      type: UsageRow,
      scope,
      price: 'sum',
      description: 'All of it, rows that are left out included.',
      source: { kind: 'computed', rows: usageRows, query: reportTotal, problems: () => [] },
    }),
  }),
})

const usageArguments = builder.args((t) => ({
  from: t.field({
    type: 'DateTime',
    description:
      'The first moment, in whole hours: the hour that it is in counts. 30 days before `to` where it is absent.',
  }),
  to: t.field({
    type: 'DateTime',
    description:
      'The first moment that does not count any more, in whole hours; now where it is absent.',
  }),
  by: t.field({
    type: UsageStep,
    required: true,
    defaultValue: 'DAY',
    description: 'How long a time each row is about.',
  }),
  groupBy: t.field({
    type: UsageGroup,
    required: true,
    defaultValue: 'NONE',
    description: 'What the rows tell apart.',
  }),
}))

builder.objectField(Account, 'usage', (t) =>
  t.field({
    type: UsageReport,
    scope,
    price: 'shape',
    args: usageArguments,
    description: 'What the account has used, all of its keys and sessions together.',
    source: usageOf({
      account: ({ parent }) => sql.ref(`${parent}.id`),
      key: null,
    }),
  }),
)

builder.objectField(ApiKey, 'usage', (t) =>
  t.field({
    type: UsageReport,
    scope: 'own-keys:read',
    price: 'shape',
    args: usageArguments,
    description: 'What the key has used.',
    source: usageOf({
      account: ({ parent }) => sql.ref(`${parent}.account_id`),
      key: ({ parent }) => sql.ref(`${parent}.id`),
    }),
  }),
)

builder.queryField('usage', (t) =>
  t.field({
    type: UsageReport,
    scope,
    price: 'shape',
    args: usageArguments,
    description:
      'What the own account has used, all of its keys and sessions together. A session sees it when the budgets of the account are empty, too.',
    source: usageOf({ account: ({ reader }) => reader.me, key: null }),
  }),
)

function usageOf(subject: Subject): ComputedSource {
  return { kind: 'computed', rows: usageRows, query: reportOf(subject), problems: backwards }
}
