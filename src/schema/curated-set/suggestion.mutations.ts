import {
  acceptSuggestion,
  acceptSuggestionSchema,
  declineSuggestion,
  declineSuggestionSchema,
} from '../../community/curated-sets/decide-suggestion.ts'
import {
  OPEN_SUGGESTIONS_MAX,
  suggestCuratedSet,
  suggestCuratedSetSchema,
} from '../../community/curated-sets/suggest-curated-set.ts'
import { SIZES } from '../../community/sizes.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { act, inputOf, outcomeRow, resultOf } from '../mutation.ts'
import { NotFound, SuggestionDecided, TooManySuggestions, VersionConflict } from '../problem.ts'
import { CuratedSet, CuratedSetSuggestion } from '../refs.ts'
import { curatedSetRows } from './curated-set.sql.ts'
import { suggestionRows } from './suggestion.sql.ts'

const SuggestCuratedSetInput = builder.inputType('SuggestCuratedSetInput', {
  description: 'A set to suggest.',
  fields: (t) => ({
    set: t.id({ required: true, description: 'An own set: `set_…`' }),
    note: t.string({
      description: `What curators should know, at most ${SIZES.notesBytes} bytes; never published.`,
    }),
  }),
})

const AcceptCuratedSetSuggestionInput = builder.inputType('AcceptCuratedSetSuggestionInput', {
  description: 'A suggestion to make a draft from.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`sug_…`' }),
    version: t.int({ required: true, description: 'The version that was read.' }),
  }),
})

const DeclineCuratedSetSuggestionInput = builder.inputType('DeclineCuratedSetSuggestionInput', {
  description: 'A suggestion of which nothing comes.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`sug_…`' }),
    version: t.int({ description: 'The version that was read.' }),
    reason: t.string({
      required: true,
      description: 'Why, in 1 to 500 characters: its owner is told.',
    }),
  }),
})

/** The suggestion of a payload, as it is after the act. */
const present = {
  type: CuratedSetSuggestion,
  nullable: true,
  scope: 'public',
  price: 'relation',
  description: 'As it is now.',
  source: outcomeRow('suggestion', suggestionRows),
} as const

const SuggestCuratedSetPayload = builder.objectRef<object>('SuggestCuratedSetPayload').implement({
  description: 'A set that was suggested.',
  extensions: FREE,
  fields: (t) => ({ suggestion: t.field(present) }),
})

const AcceptCuratedSetSuggestionPayload = builder
  .objectRef<object>('AcceptCuratedSetSuggestionPayload')
  .implement({
    description: 'A suggestion that was accepted.',
    extensions: FREE,
    fields: (t) => ({
      suggestion: t.field(present),
      curatedSet: t.field({
        type: CuratedSet,
        nullable: true,
        scope: 'public',
        price: 'relation',
        description: 'The draft that was made from it.',
        source: outcomeRow('curatedSet', curatedSetRows),
      }),
    }),
  })

const DeclineCuratedSetSuggestionPayload = builder
  .objectRef<object>('DeclineCuratedSetSuggestionPayload')
  .implement({
    description: 'A suggestion that was declined.',
    extensions: FREE,
    fields: (t) => ({ suggestion: t.field(present) }),
  })

builder.mutationFields((t) => ({
  suggestCuratedSet: t.field({
    type: resultOf('SuggestCuratedSetResult', SuggestCuratedSetPayload, [
      NotFound,
      TooManySuggestions,
    ]),
    scope: 'own-sets:write',
    price: 'mutation',
    description: `Suggests a copy of an own set to curators, and agrees that they publish it: name, notes and all measurements, inherited ones included, without the picture and without saying whose they are. At most ${OPEN_SUGGESTIONS_MAX} are open at a time. A mail tells what has come of it.`,
    args: inputOf(SuggestCuratedSetInput),
    source: act(suggestCuratedSetSchema, suggestCuratedSet, { ids: { set: 'set' } }),
  }),
  acceptCuratedSetSuggestion: t.field({
    type: resultOf('AcceptCuratedSetSuggestionResult', AcceptCuratedSetSuggestionPayload, [
      NotFound,
      SuggestionDecided,
      VersionConflict,
    ]),
    scope: 'curated-sets:write',
    price: 'mutation',
    description:
      'Makes a draft of a curated set from a suggestion, with its name and notes as the English ones. It says nothing of who suggested it, and is published by publishCuratedSet alone.',
    args: inputOf(AcceptCuratedSetSuggestionInput),
    source: act(acceptSuggestionSchema, acceptSuggestion, { ids: { id: 'sug' } }),
  }),
  declineCuratedSetSuggestion: t.field({
    type: resultOf('DeclineCuratedSetSuggestionResult', DeclineCuratedSetSuggestionPayload, [
      NotFound,
      SuggestionDecided,
      VersionConflict,
    ]),
    scope: 'curated-sets:write',
    price: 'mutation',
    description: 'Declines a suggestion; a mail tells its owner why.',
    args: inputOf(DeclineCuratedSetSuggestionInput),
    source: act(declineSuggestionSchema, declineSuggestion, { ids: { id: 'sug' } }),
  }),
}))
