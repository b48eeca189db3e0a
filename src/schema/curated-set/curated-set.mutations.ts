import {
  createCuratedSet,
  createCuratedSetSchema,
} from '../../community/curated-sets/create-curated-set.ts'
import { MOST_TAGS, TAG_CHARACTERS } from '../../community/curated-sets/curated-input.ts'
import {
  publishCuratedSet,
  publishCuratedSetSchema,
  retireCuratedSet,
} from '../../community/curated-sets/publish-curated-set.ts'
import {
  updateCuratedSet,
  updateCuratedSetSchema,
} from '../../community/curated-sets/update-curated-set.ts'
import { SIZES } from '../../community/sizes.ts'
import { WARNING_RULES } from '../../measurements/plausibility.ts'
import { PICTURE_CHARACTERS } from '../../picture-address.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { Language, LengthUnit } from '../enums.ts'
import { MeasurementWarning, Scale } from '../measurement-set/warnings.ts'
import { act, inputOf, outcomeRow, resultOf } from '../mutation.ts'
import { NotFound, NotPublished, VersionConflict } from '../problem.ts'
import { CuratedSet } from '../refs.ts'
import { curatedSetRows } from './curated-set.sql.ts'

const NAMES = `1 to ${SIZES.nameCharacters} characters in each language`
const NOTES = `Markdown, at most ${SIZES.notesBytes} bytes in each language`
const HEIGHT = 'Body height in `unit`, at most 10 metres'
const IMAGE = `The https:// address of a picture, at most ${PICTURE_CHARACTERS} characters. Nobody fetches it here`
const TAGS = `At most ${MOST_TAGS} words to find it by, of at most ${TAG_CHARACTERS} lower-case letters, digits and hyphens each: \`cis-female\``
const UNIT =
  'The unit of `height` and of the lengths in `measurements`; needed as soon as one is sent. Angles are degrees always.'
const VERSION = 'The version that was read: where it has changed since, nothing happens.'

const TranslationInput = builder.inputType('TranslationInput', {
  description: 'A text in one language.',
  fields: (t) => ({
    language: t.field({ type: Language, required: true, description: 'Which language.' }),
    text: t.string({ required: true, description: 'The text in it.' }),
  }),
})

const TranslationChangeInput = builder.inputType('TranslationChangeInput', {
  description: 'What changes of a text in one language.',
  fields: (t) => ({
    language: t.field({ type: Language, required: true, description: 'Which language.' }),
    text: t.string({ description: 'The text in it; null removes it.' }),
  }),
})

const CreateCuratedSetInput = builder.inputType('CreateCuratedSetInput', {
  description: 'A new curated set.',
  fields: (t) => ({
    names: t.field({
      type: [TranslationInput],
      required: true,
      description: `What it is called: ${NAMES}, in English at least.`,
    }),
    notes: t.field({ type: [TranslationInput], description: `${NOTES}.` }),
    height: t.float({ description: `${HEIGHT}.` }),
    image: t.string({ description: `${IMAGE}.` }),
    tags: t.stringList({ description: `${TAGS}.` }),
    unit: t.field({ type: LengthUnit, description: UNIT }),
    scale: t.field({
      type: Scale,
      required: true,
      defaultValue: 'PERSON',
      description: 'What warnings are measured by.',
    }),
    measurements: t.field({ type: 'Measurements', description: 'Values by name.' }),
  }),
})

const UpdateCuratedSetInput = builder.inputType('UpdateCuratedSetInput', {
  description: 'What changes of a curated set; what is absent stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`cur_…`' }),
    version: t.int({ required: true, description: VERSION }),
    names: t.field({
      type: [TranslationChangeInput],
      description: `${NAMES}; other languages stay. The name in English is never removed.`,
    }),
    notes: t.field({
      type: [TranslationChangeInput],
      description: `${NOTES}; other languages stay. null removes them all.`,
    }),
    height: t.float({ description: `${HEIGHT}; null removes it.` }),
    image: t.string({ description: `${IMAGE}; null removes it.` }),
    tags: t.stringList({
      description: `${TAGS}. They take the place of all that it has; null removes them.`,
    }),
    unit: t.field({ type: LengthUnit, description: UNIT }),
    scale: t.field({
      type: Scale,
      required: true,
      defaultValue: 'PERSON',
      description: 'What warnings are measured by.',
    }),
    measurements: t.field({
      type: 'Measurements',
      description: 'Values that change, by name; null removes one. All others stay.',
    }),
  }),
})

const PublishCuratedSetInput = builder.inputType('PublishCuratedSetInput', {
  description: 'A curated set to publish, or to retire.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`cur_…`' }),
    version: t.int({ description: VERSION }),
  }),
})

/** The set of a payload, as it is after the act. */
const present = {
  type: CuratedSet,
  nullable: true,
  scope: 'public',
  price: 'relation',
  description: 'As it is now.',
  source: outcomeRow('curatedSet', curatedSetRows),
} as const

const CuratedSetPayload = builder.objectRef<object>('CuratedSetPayload').implement({
  description: 'A curated set that was made or changed.',
  extensions: FREE,
  fields: (t) => ({
    curatedSet: t.field(present),
    warnings: t.field({
      type: [MeasurementWarning],
      scope: 'public',
      price: 'scalar-list',
      atMost: WARNING_RULES.length,
      description: 'What to look at again, in the values that it has now.',
    }),
  }),
})

const PublishCuratedSetPayload = builder.objectRef<object>('PublishCuratedSetPayload').implement({
  description: 'A curated set that everybody may read now.',
  extensions: FREE,
  fields: (t) => ({ curatedSet: t.field(present) }),
})

const RetireCuratedSetPayload = builder.objectRef<object>('RetireCuratedSetPayload').implement({
  description: 'A curated set that curators alone may read now.',
  extensions: FREE,
  fields: (t) => ({ curatedSet: t.field(present) }),
})

builder.mutationFields((t) => ({
  createCuratedSet: t.field({
    type: resultOf('CreateCuratedSetResult', CuratedSetPayload, []),
    scope: 'curated-sets:write',
    price: 'mutation',
    description:
      'Makes a draft of a curated set. Values that look unlikely are warned of, never refused.',
    args: inputOf(CreateCuratedSetInput),
    source: act(createCuratedSetSchema, createCuratedSet),
  }),
  updateCuratedSet: t.field({
    type: resultOf('UpdateCuratedSetResult', CuratedSetPayload, [NotFound, VersionConflict]),
    scope: 'curated-sets:write',
    price: 'mutation',
    description:
      'Changes a curated set, also one that is published; names and notes are merged by language, measurements by name.',
    args: inputOf(UpdateCuratedSetInput),
    source: act(updateCuratedSetSchema, updateCuratedSet, { ids: { id: 'cur' } }),
  }),
  publishCuratedSet: t.field({
    type: resultOf('PublishCuratedSetResult', PublishCuratedSetPayload, [
      NotFound,
      VersionConflict,
    ]),
    scope: 'curated-sets:write',
    price: 'mutation',
    description: 'Has everybody read a curated set: a draft, or one that was retired.',
    args: inputOf(PublishCuratedSetInput),
    source: act(publishCuratedSetSchema, publishCuratedSet, { ids: { id: 'cur' } }),
  }),
  retireCuratedSet: t.field({
    type: resultOf('RetireCuratedSetResult', RetireCuratedSetPayload, [
      NotFound,
      NotPublished,
      VersionConflict,
    ]),
    scope: 'curated-sets:write',
    price: 'mutation',
    description:
      'Takes a published curated set back: curators alone read it. What others have copied meanwhile is theirs.',
    args: inputOf(PublishCuratedSetInput),
    source: act(publishCuratedSetSchema, retireCuratedSet, { ids: { id: 'cur' } }),
  }),
}))
