import { sql } from 'kysely'
import { SEALED_ROWS } from '../../vault/sealed-rows.ts'
import { builder } from '../builder.ts'
import { pageArguments } from '../connection.ts'
import { CuratedSetSuggestionConnection } from '../connections.ts'
import { createdAt, updatedAt, version } from '../dated-fields.ts'
import {
  measurementListSource,
  measurementsSource,
  MeasurementValue,
  MOST_MEASUREMENTS,
  namesArgument,
  unitArgument,
} from '../measurement-set/measurement-fields.ts'
import { byCreation, DATED_ORDERS } from '../pages.ts'
import type { OpenedRow } from '../plan/marks.ts'
import { Account, CuratedSet, CuratedSetSuggestion } from '../refs.ts'
import { bodyMember, sealedLabel } from '../sealed-fields.ts'
import { id, label, moment, nullable, text } from '../sql-json.ts'
import { idIn, referringBy } from '../ties.ts'
import { curatedSetRows } from './curated-set.sql.ts'
import { suggestionRows } from './suggestion.sql.ts'

const SuggestionState = builder.enumType('SuggestionState', {
  description: 'What has come of a suggestion.',
  values: {
    OPEN: { value: 'open', description: 'Nobody has decided yet.' },
    ACCEPTED: { value: 'accepted', description: 'A draft was made from it.' },
    DECLINED: { value: 'declined', description: 'Nothing comes of it.' },
  } as const,
})

CuratedSetSuggestion.implement({
  description:
    'A copy of a measurement set whose owner agrees that curators publish it: name, notes and all measurements. Its owner sees it, and curators while the account is open; it does not say whose it is.',
  fields: (t) => ({
    id: t.id({
      scope: 'public',
      description: 'Names the suggestion everywhere: `sug_…`.',
      source: id('sug'),
    }),
    name: t.string({
      scope: 'public',
      description: 'What the set was called.',
      source: sealedLabel,
    }),
    notes: t.string({
      scope: 'public',
      nullable: true,
      description: 'The notes of the set: Markdown.',
      source: bodyMember('curated_suggestion', 'notes'),
    }),
    note: t.string({
      scope: 'public',
      nullable: true,
      description: 'What its owner tells curators; never published.',
      source: bodyMember('curated_suggestion', 'note'),
    }),
    state: t.field({
      type: SuggestionState,
      scope: 'public',
      description: 'What has come of it.',
      source: label('state'),
    }),
    reason: t.string({
      scope: 'public',
      nullable: true,
      description: 'Why it was declined; null for any other.',
      source: text('reason'),
    }),
    decidedAt: t.field({
      type: 'DateTime',
      nullable: true,
      scope: 'public',
      description: 'When it was accepted or declined.',
      source: nullable('decided_at', moment),
    }),
    createdAt: t.field(createdAt('public')),
    updatedAt: t.field(updatedAt('public')),
    version: t.int(version('public')),
    measurements: t.field({
      type: 'Measurements',
      scope: 'public',
      description: 'All values by name: lengths in `unit`, shoulderSlope in degrees.',
      args: { ...unitArgument, ...namesArgument },
      source: measurementsSource(['body'], textsOf),
    }),
    measurementList: t.field({
      type: [MeasurementValue],
      scope: 'public',
      price: 'scalar-list',
      atMost: MOST_MEASUREMENTS,
      description: 'The same values one by one; lengths in `unit`, shoulderSlope in degrees.',
      args: unitArgument,
      source: measurementListSource(['body'], textsOf),
    }),
    curatedSet: t.field({
      type: CuratedSet,
      nullable: true,
      scope: 'public',
      price: 'relation',
      description:
        'What was made from it; null where nothing was, and for its owner until that is published.',
      source: { kind: 'one', rows: curatedSetRows, on: idIn('curated_set_id') },
    }),
  }),
})

const MEASUREMENTS_AT = SEALED_ROWS.curated_suggestion.body.indexOf('measurements')

function textsOf({ body }: OpenedRow): readonly [string] {
  return [body[MEASUREMENTS_AT] ?? 'null']
}

const suggestionPage = {
  kind: 'page',
  rows: suggestionRows,
  orders: DATED_ORDERS,
  order: byCreation,
} as const

builder.objectField(Account, 'suggestions', (t) =>
  t.field({
    type: CuratedSetSuggestionConnection,
    scope: 'own-sets:read',
    price: 'connection',
    description: 'What the account has suggested as curated sets, earliest first.',
    args: pageArguments,
    source: { ...suggestionPage, own: true, on: referringBy('account_id'), filters: [] },
  }),
)

builder.queryField('curatedSetSuggestions', (t) =>
  t.field({
    type: CuratedSetSuggestionConnection,
    scope: 'curated-sets:write',
    price: 'connection',
    description: 'What people suggest as curated sets, earliest first.',
    args: {
      ...pageArguments,
      state: t.arg({
        type: SuggestionState,
        defaultValue: 'open',
        description: 'Only suggestions in this state; any where null.',
      }),
    },
    source: {
      ...suggestionPage,
      on: null,
      filters: [
        {
          value: ({ state }) => state,
          where: (row, state) => sql`${sql.ref(`${row}.state`)} = ${state}::suggestion_state`,
        },
      ],
    },
  }),
)
