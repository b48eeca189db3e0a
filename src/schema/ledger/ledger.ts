import { sql } from 'kysely'

import { builder } from '../builder.ts'
import { FREE, LEDGER_LINE_PRICE } from '../directives.ts'
import type { ColumnSource } from '../plan/source.ts'
import { label, moment, nullable, plain, requiredText, text } from '../sql-json.ts'
import { LEDGER_DAYS_MAX, ledgerLines, ledgerOf, ledgerRows, LINES_MAX } from './ledger.sql.ts'

const scope = 'own-account:read'

const LedgerKind = builder.enumType('LedgerKind', {
  description: 'What a line of the ledger is about.',
  values: {
    OPERATION: { description: 'An operation, or several refusals that are alike.' },
    FORFEIT: { description: 'Points that a gateway held when it was killed or stood still.' },
    CORRECTION: { description: 'Points that were entered by hand, to set the ledger right.' },
  } as const,
})

const LedgerLine = builder.objectRef<object>('LedgerLine').implement({
  description: 'A line of the own ledger.',
  extensions: LEDGER_LINE_PRICE,
  fields: (t) => ({
    time: t.field({
      type: 'DateTime',
      scope,
      description: 'When it was written down.',
      source: moment('at'),
    }),
    kind: t.field({
      type: LedgerKind,
      scope,
      description: 'What it is about.',
      source: label('kind'),
    }),
    keyId: t.id({
      nullable: true,
      scope,
      description: 'Id of the key that asked for it; null for sessions, and where nobody asked.',
      source: nullable('key_slug', keyId),
    }),
    operation: t.string({
      nullable: true,
      scope,
      description:
        'The name that the operation has in its document; empty where it has none. Null where there was no operation.',
      source: text('operation'),
    }),
    estimated: t.int({
      scope,
      description:
        'Points that it could cost at most; 0 where it was refused before it had a price.',
      source: plain('estimated'),
    }),
    points: t.int({
      scope,
      description: 'Points that it cost; of a correction below 0 where they were given back.',
      source: plain('points'),
    }),
    rows: t.int({ scope, description: 'Objects that it found.', source: plain('rows') }),
    databaseMs: t.float({
      scope,
      description: 'What it took the database, in milliseconds.',
      source: milliseconds('database_us'),
    }),
    bytes: t.int({ scope, description: 'Bytes of its answer.', source: plain('bytes') }),
    durationMs: t.float({
      scope,
      description: 'What it took until it was answered, in milliseconds.',
      source: milliseconds('duration_us'),
    }),
    outcome: t.string({
      nullable: true,
      scope,
      description: '`OK`, or the code of its refusal. Null where there was no operation.',
      source: text('outcome'),
    }),
    requestId: t.string({
      nullable: true,
      scope,
      description: 'Id of the request, as its answer says. Null where there was no operation.',
      source: text('request_id'),
    }),
    operations: t.int({
      scope,
      description: 'How many operations it stands for: several, where refusals are alike.',
      source: plain('operations'),
    }),
    next: t.string({
      nullable: true,
      scope,
      description:
        'For `after`, to read on behind the last line where there are more than are had at once; null on every other line.',
      source: nullable('next', requiredText),
    }),
  }),
})

const Ledger = builder.objectRef<object>('Ledger').implement({
  description: 'Single lines of what an account has used.',
  extensions: FREE,
  fields: (t) => ({
    lines: t.field({
      type: [LedgerLine],
      scope,
      price: 'list',
      atMost: LINES_MAX,
      description: 'The lines, earliest first.',
      source: { kind: 'list', rows: ledgerRows, ...ledgerLines },
    }),
  }),
})

builder.queryField('ledger', (t) =>
  t.field({
    type: Ledger,
    scope,
    price: 'shape',
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'The first moment.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: `The first moment that does not count any more, ${LEDGER_DAYS_MAX} days after \`from\` at most.`,
      }),
      after: t.arg.string({ description: 'Only lines behind this cursor: the `next` of a line.' }),
    },
    description:
      'What the own account has used, line by line, all of its keys and sessions together; `/ledger.csv` is the same as a file. What was just used is in it within two seconds.',
    source: { kind: 'computed', rows: ledgerRows, ...ledgerOf },
  }),
)

/** The slug, as part of an id. */
function keyId(name: string): ColumnSource {
  return { kind: 'column', json: (row) => ['"key_', sql.ref(`${row}.${name}`), '"'] }
}

/** A column in microseconds. */
function milliseconds(name: string): ColumnSource {
  return {
    kind: 'column',
    json: (row) => [sql`(${sql.ref(`${row}.${name}`)}::float8 / 1000)::text`],
  }
}
