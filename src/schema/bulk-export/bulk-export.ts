import { sql } from 'kysely'
import { KEPT_DAYS } from '../../community/bulk-export/expire-exports.ts'
import { builder } from '../builder.ts'
import { connectionOf, pageArguments } from '../connection.ts'
import { MeasurementSetConnection } from '../connections.ts'
import { createdAt } from '../dated-fields.ts'
import {
  measurementSetArguments,
  measurementSetPage,
} from '../measurement-set/measurement-set.queries.ts'
import { byCreation, DATED_ORDERS } from '../pages.ts'
import { BulkExport } from '../refs.ts'
import { id, label, moment, nullable, plain } from '../sql-json.ts'
import { ofReader } from '../ties.ts'
import type { OpenedSource } from '../plan/source.ts'
import { bulkExportRows } from './bulk-export.sql.ts'

const BulkExportState = builder.enumType('BulkExportState', {
  description: 'How far a bulk export is.',
  values: {
    WAITING: { description: 'It begins within seconds, unless others are before it.' },
    RUNNING: { description: 'Its file is being made.' },
    PAUSED: { description: 'The day is spent; it goes on by itself at `resumesAt`.' },
    DONE: { description: 'The file is whole.' },
    FAILED: { description: 'It has ended without a file; `failure` says why.' },
    CANCELLED: { description: 'It was cancelled.' },
  } as const,
})

const BulkExportFailureCode = builder.enumType('BulkExportFailureCode', {
  description: 'Why a bulk export has no file. Access is looked at again for each of its pages.',
  values: {
    ACCOUNT_BLOCKED: { description: 'The account is not active any more.' },
    CONSENT_REQUIRED: { description: 'The consent that the data rests on was withdrawn.' },
    LEVEL_TOO_LOW: { description: 'The account may not read this any more.' },
    CREDENTIAL_ENDED: {
      description: 'The key or session that asked for it has expired, was revoked or signed out.',
    },
    QUERY_INVALID: { description: 'A newer release of the API does not accept the query.' },
    BUDGET_TOO_SMALL: { description: 'A day holds less than one page costs.' },
    INTERNAL: { description: 'It is our fault; start another one.' },
  } as const,
})

const scope = 'own-sets:read'

BulkExport.implement({
  description: `A file of many measurement sets, made outside of any request: a line of JSON for each set, in gzip. Listed for ${KEPT_DAYS} days after its end.`,
  fields: (t) => ({
    id: t.id({ scope, description: 'Names the export: `exp_…`.', source: id('exp') }),
    query: t.string({ scope, description: 'What was asked for.', source: asked('query') }),
    state: t.field({
      type: BulkExportState,
      scope,
      description: 'How far it is.',
      source: label('state'),
    }),
    failure: t.field({
      type: BulkExportFailureCode,
      scope,
      nullable: true,
      description: 'Why it has failed; null where it has not.',
      source: nullable('failure', label),
    }),
    sets: t.int({ scope, description: 'Sets in the file so far.', source: plain('sets') }),
    total: t.int({
      scope,
      nullable: true,
      description:
        'Sets that there were when it began; null before, and where they are too many to count.',
      source: nullable('total', plain),
    }),
    kilobytes: t.int({
      scope,
      description: 'Size of the file so far, in kB of 1 000 bytes, rounded up.',
      source: {
        kind: 'column',
        json: (row) => [sql`((${sql.ref(`${row}.bytes`)} + 999) / 1000)::text`],
      },
    }),
    createdAt: t.field(createdAt(scope)),
    startedAt: t.field({
      type: 'DateTime',
      scope,
      nullable: true,
      description: 'When it began; null where it has not.',
      source: nullable('started_at', moment),
    }),
    resumesAt: t.field({
      type: 'DateTime',
      scope,
      nullable: true,
      description: 'When it goes on; null where it is not paused.',
      source: nullable('resume_at', moment),
    }),
    endedAt: t.field({
      type: 'DateTime',
      scope,
      nullable: true,
      description: 'When it ended, whatever came of it; null where it has not.',
      source: nullable('ended_at', moment),
    }),
    url: t.string({
      scope,
      nullable: true,
      description:
        'Where to download the file: whoever has this address needs nothing else. Null where there is no file, or not any more.',
      source: asked('url'),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      scope,
      nullable: true,
      description:
        'Until when there is the file: for 24 hours, or until the next export is started; null where there never was one.',
      source: nullable('expires_at', moment),
    }),
  }),
})

/** A member of what is sealed of an export. */
function asked(name: 'query' | 'url'): OpenedSource {
  return {
    kind: 'opened',
    needs: ['label'],
    value: ({ label: sealed }) => {
      const members = JSON.parse(sealed) as Readonly<Record<typeof name, string | null>> // written by sealAsked alone
      return { json: JSON.stringify(members[name]) }
    },
  }
}

const BulkExportConnection = connectionOf('BulkExport', BulkExport)

builder.queryFields((t) => ({
  bulkExports: t.field({
    type: BulkExportConnection,
    scope,
    price: 'connection',
    description:
      'The own bulk exports, earliest first. Those of the sets of all accounts are seen by whoever may read these.',
    args: pageArguments,
    source: {
      kind: 'page',
      rows: bulkExportRows,
      orders: DATED_ORDERS,
      order: byCreation,
      filters: [],
      on: ofReader,
    },
  }),
  allMeasurementSets: t.field({
    type: MeasurementSetConnection,
    scope: 'sets:read-all',
    price: 'connection',
    description: 'The measurement sets of all accounts.',
    args: { ...pageArguments, ...measurementSetArguments },
    source: { ...measurementSetPage, on: null },
  }),
}))
