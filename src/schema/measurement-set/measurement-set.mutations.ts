import { cloneSet, cloneSetSchema } from '../../community/measurement-sets/clone-set.ts'
import { createSet, createSetSchema } from '../../community/measurement-sets/create-set.ts'
import {
  deleteSet,
  deleteSetSchema,
  LISTED_DEPENDENTS,
} from '../../community/measurement-sets/delete-set.ts'
import {
  publishSet,
  publishSetSchema,
  unpublishSet,
} from '../../community/measurement-sets/publish-set.ts'
import { updateSet, updateSetSchema } from '../../community/measurement-sets/update-set.ts'
import { SIZES } from '../../community/sizes.ts'
import { WARNING_RULES } from '../../measurements/plausibility.ts'
import { PICTURE_CHARACTERS } from '../../picture-address.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { LengthUnit, Units } from '../enums.ts'
import { act, inputOf, outcomeRow, resultOf } from '../mutation.ts'
import { NotFound, SetInUse, VersionConflict } from '../problem.ts'
import { MeasurementSet } from '../refs.ts'
import { MeasurementName, MOST_MEASUREMENTS } from './measurement-fields.ts'
import { measurementSetRows } from './measurement-set.sql.ts'
import { MeasurementWarning, Scale } from './warnings.ts'

const NAME = `1 to ${SIZES.nameCharacters} characters.`
const NOTES = `Markdown, at most ${SIZES.notesBytes} bytes`
const IMAGE = `The https:// address of a picture, at most ${PICTURE_CHARACTERS} characters. Nobody fetches it here`
const UNIT =
  'The unit of the lengths in `measurements`; needed as soon as a value is sent. Angles are degrees always.'
const VERSION = 'The version that was read: where it has changed since, nothing happens.'
const BASE =
  'A set of the same account whose measurements hold where this one has none; at most three stand one behind the other'

const CreateMeasurementSetInput = builder.inputType('CreateMeasurementSetInput', {
  description: 'A new measurement set.',
  fields: (t) => ({
    account: t.id({
      description:
        'Whose it will be: another’s, for whoever may write those (access level 6); the own where it is absent.',
    }),
    name: t.string({ required: true, description: NAME }),
    notes: t.string({ description: `${NOTES}.` }),
    image: t.string({ description: `${IMAGE}.` }),
    units: t.field({
      type: Units,
      description: 'How its owner prefers to see lengths; as in the account where it is absent.',
    }),
    baseSet: t.id({ description: `${BASE}.` }),
    unit: t.field({ type: LengthUnit, description: UNIT }),
    scale: t.field({
      type: Scale,
      required: true,
      defaultValue: 'PERSON',
      description: 'What warnings are measured by.',
    }),
    measurements: t.field({
      type: 'Measurements',
      description: 'Values by name; what the base set has alike need not be said.',
    }),
  }),
})

const UpdateMeasurementSetInput = builder.inputType('UpdateMeasurementSetInput', {
  description: 'What changes of a measurement set; what is absent stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`set_…`' }),
    version: t.int({ required: true, description: VERSION }),
    name: t.string({ description: NAME }),
    notes: t.string({ description: `${NOTES}; null removes them.` }),
    image: t.string({ description: `${IMAGE}; null removes it.` }),
    units: t.field({ type: Units, description: 'How its owner prefers to see lengths.' }),
    baseSet: t.id({ description: `${BASE}; null for none.` }),
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

const CloneMeasurementSetInput = builder.inputType('CloneMeasurementSetInput', {
  description: 'A set to copy.',
  fields: (t) => ({
    of: t.id({ required: true, description: 'A set that you may read: `set_…`, or `cur_…`.' }),
    name: t.string({ description: `${NAME} That of the original where it is absent.` }),
  }),
})

const Dependents = builder.enumType('Dependents', {
  description: 'What becomes of sets that are based on one that is deleted.',
  values: {
    REFUSE: { value: 'refuse', description: 'Nothing is deleted as long as there are any.' },
    DETACH: {
      value: 'detach',
      description:
        'Each takes over what it had inherited from it, and is based on what that one was based on.',
    },
  } as const,
})

const DeleteMeasurementSetInput = builder.inputType('DeleteMeasurementSetInput', {
  description: 'A set to delete.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`set_…`' }),
    version: t.int({ description: VERSION }),
    dependents: t.field({
      type: Dependents,
      required: true,
      defaultValue: 'refuse',
      description: 'What becomes of sets that are based on it.',
    }),
  }),
})

const PublishMeasurementSetInput = builder.inputType('PublishMeasurementSetInput', {
  description: 'A set to make public, or private again.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`set_…`' }),
    version: t.int({ description: VERSION }),
  }),
})

/** The set of a payload, as it is after the act. */
const present = {
  type: MeasurementSet,
  nullable: true,
  scope: 'public',
  price: 'relation',
  description: 'As it is now.',
  source: outcomeRow('measurementSet', measurementSetRows),
} as const

const MeasurementSetPayload = builder.objectRef<object>('MeasurementSetPayload').implement({
  description: 'A set that was made or changed.',
  extensions: FREE,
  fields: (t) => ({
    measurementSet: t.field(present),
    warnings: t.field({
      type: [MeasurementWarning],
      scope: 'public',
      price: 'scalar-list',
      // Those, and that some are public now.
      atMost: WARNING_RULES.length + 1,
      description:
        'What to look at again, in the values that hold now, inherited ones included; and which of them everybody may read from now on.',
    }),
  }),
})

const CloneMeasurementSetPayload = builder
  .objectRef<object>('CloneMeasurementSetPayload')
  .implement({
    description: 'A copy of a set.',
    extensions: FREE,
    fields: (t) => ({ measurementSet: t.field(present) }),
  })

const PublishedPart = builder.enumType('PublishedPart', {
  description: 'A part of a set.',
  values: {
    NAME: { description: 'Its name.' },
    NOTES: { description: 'Its notes.' },
    IMAGE: { description: 'Its picture.' },
  } as const,
})

const PublishMeasurementSetPayload = builder
  .objectRef<object>('PublishMeasurementSetPayload')
  .implement({
    description: 'A set that anybody may read now, and what they read.',
    extensions: FREE,
    fields: (t) => ({
      measurementSet: t.field(present),
      parts: t.field({
        type: [PublishedPart],
        scope: 'public',
        price: 'scalar-list',
        atMost: 3,
        description: 'What is public of it beside its measurements.',
      }),
      measurements: t.field({
        type: [MeasurementName],
        scope: 'public',
        price: 'scalar-list',
        atMost: MOST_MEASUREMENTS,
        description: 'The measurements of its own that are public.',
      }),
      inherited: t.field({
        type: [MeasurementName],
        scope: 'public',
        price: 'scalar-list',
        atMost: MOST_MEASUREMENTS,
        description: 'Those that it inherits from base sets, which are public with it.',
      }),
    }),
  })

const UnpublishMeasurementSetPayload = builder
  .objectRef<object>('UnpublishMeasurementSetPayload')
  .implement({
    description: 'A set that is private again.',
    extensions: FREE,
    fields: (t) => ({
      measurementSet: t.field(present),
    }),
  })

const DeleteMeasurementSetPayload = builder
  .objectRef<object>('DeleteMeasurementSetPayload')
  .implement({
    description: 'A set that is gone.',
    extensions: FREE,
    fields: (t) => ({
      id: t.id({ scope: 'public', description: 'What named it.' }),
      detached: t.idList({
        scope: 'public',
        price: 'scalar-list',
        atMost: LISTED_DEPENDENTS,
        description: `The first ${LISTED_DEPENDENTS} of the sets that were based on it, and hold themselves now what they had inherited.`,
      }),
      detachedCount: t.int({ scope: 'public', description: 'How many sets those are in all.' }),
    }),
  })

builder.mutationFields((t) => ({
  createMeasurementSet: t.field({
    type: resultOf('CreateMeasurementSetResult', MeasurementSetPayload, [NotFound]),
    scope: 'own-sets:write',
    price: 'mutation',
    description:
      'Makes a measurement set, which is private. Values that look unlikely are warned of, never refused.',
    args: inputOf(CreateMeasurementSetInput),
    source: act(createSetSchema, createSet, { ids: { account: 'acc', baseSet: 'set?' } }),
  }),
  updateMeasurementSet: t.field({
    type: resultOf('UpdateMeasurementSetResult', MeasurementSetPayload, [
      NotFound,
      VersionConflict,
    ]),
    scope: 'own-sets:write',
    price: 'mutation',
    description: 'Changes a measurement set; its measurements are merged.',
    args: inputOf(UpdateMeasurementSetInput),
    source: act(updateSetSchema, updateSet, { ids: { id: 'set', baseSet: 'set?' } }),
  }),
  cloneMeasurementSet: t.field({
    type: resultOf('CloneMeasurementSetResult', CloneMeasurementSetPayload, [NotFound]),
    scope: 'own-sets:write',
    price: 'mutation',
    description:
      'Makes a private copy of an own, public or curated set in the own account: with all values, inherited ones included, and based on nothing.',
    args: inputOf(CloneMeasurementSetInput),
    source: act(cloneSetSchema, cloneSet),
  }),
  deleteMeasurementSet: t.field({
    type: resultOf('DeleteMeasurementSetResult', DeleteMeasurementSetPayload, [
      NotFound,
      SetInUse,
      VersionConflict,
    ]),
    scope: 'own-sets:write',
    price: 'mutation',
    description:
      'Deletes a measurement set for good. Patterns that were made from it keep their copy of its measurements.',
    args: inputOf(DeleteMeasurementSetInput),
    source: act(deleteSetSchema, deleteSet, { ids: { id: 'set' } }),
  }),
  publishMeasurementSet: t.field({
    type: resultOf('PublishMeasurementSetResult', PublishMeasurementSetPayload, [
      NotFound,
      VersionConflict,
    ]),
    scope: 'own-sets:write',
    price: 'mutation',
    description:
      'Makes a set public: anybody may read its name, notes, image and all measurements, inherited ones included. The answer names them.',
    args: inputOf(PublishMeasurementSetInput),
    source: act(publishSetSchema, publishSet, { ids: { id: 'set' } }),
  }),
  unpublishMeasurementSet: t.field({
    type: resultOf('UnpublishMeasurementSetResult', UnpublishMeasurementSetPayload, [
      NotFound,
      VersionConflict,
    ]),
    scope: 'own-sets:write',
    price: 'mutation',
    description: 'Makes a set private again. What others have copied meanwhile is theirs.',
    args: inputOf(PublishMeasurementSetInput),
    source: act(publishSetSchema, unpublishSet, { ids: { id: 'set' } }),
  }),
}))
