import { clonePattern, clonePatternSchema } from '../../community/patterns/clone-pattern.ts'
import { createPattern, createPatternSchema } from '../../community/patterns/create-pattern.ts'
import { deletePattern, deletePatternSchema } from '../../community/patterns/delete-pattern.ts'
import {
  publishPattern,
  publishPatternSchema,
  unpublishPattern,
} from '../../community/patterns/publish-pattern.ts'
import {
  refreshMeasurements,
  refreshMeasurementsSchema,
} from '../../community/patterns/refresh-measurements.ts'
import { updatePattern, updatePatternSchema } from '../../community/patterns/update-pattern.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { MeasurementName, MOST_MEASUREMENTS } from '../measurement-set/measurement-fields.ts'
import { act, inputOf, outcomeRow, resultOf } from '../mutation.ts'
import { NotFound, PatternWithoutSet, VersionConflict } from '../problem.ts'
import { Pattern } from '../refs.ts'
import {
  ClonePatternInput,
  CreatePatternInput,
  DeletePatternInput,
  PublishPatternInput,
  RefreshPatternMeasurementsInput,
  UpdatePatternInput,
} from './pattern.inputs.ts'
import { patternRows } from './pattern.sql.ts'

const scope = 'own-patterns:write'

/** The pattern of a payload, as it is after the act. */
const present = {
  type: Pattern,
  nullable: true,
  scope: 'public',
  price: 'relation',
  description: 'As it is now.',
  source: outcomeRow('pattern', patternRows),
} as const

const PatternPayload = builder.objectRef<object>('PatternPayload').implement({
  description: 'A pattern that was made or changed.',
  extensions: FREE,
  fields: (t) => ({ pattern: t.field(present) }),
})

const PatternPart = builder.enumType('PatternPart', {
  description: 'A part of a pattern.',
  values: {
    NAME: { description: 'Its name.' },
    NOTES: { description: 'Its notes.' },
    IMAGE: { description: 'Its picture.' },
    SETTINGS: { description: 'Its settings, with the measurements in them.' },
    DATA: { description: 'What a frontend keeps with it.' },
  } as const,
})

const PublishPatternPayload = builder.objectRef<object>('PublishPatternPayload').implement({
  description: 'A pattern that anybody may read now, and what they read.',
  extensions: FREE,
  fields: (t) => ({
    pattern: t.field(present),
    parts: t.field({
      type: [PatternPart],
      scope: 'public',
      price: 'scalar-list',
      atMost: 5,
      description: 'What is public of it, beside its design.',
    }),
    measurements: t.field({
      type: [MeasurementName],
      scope: 'public',
      price: 'scalar-list',
      atMost: MOST_MEASUREMENTS,
      description: 'The measurements in its settings, which are public with them.',
    }),
  }),
})

const DeletePatternPayload = builder.objectRef<object>('DeletePatternPayload').implement({
  description: 'A pattern that is gone.',
  extensions: FREE,
  fields: (t) => ({ id: t.id({ scope: 'public', description: 'What named it.' }) }),
})

builder.mutationFields((t) => ({
  createPattern: t.field({
    type: resultOf('CreatePatternResult', PatternPayload, [NotFound]),
    scope,
    price: 'mutation',
    description:
      'Makes a pattern, which is private. It keeps its own copy of the measurements: what becomes of the set does not change it.',
    args: inputOf(CreatePatternInput),
    source: act(createPatternSchema, createPattern, { ids: { account: 'acc' } }),
  }),
  updatePattern: t.field({
    type: resultOf('UpdatePatternResult', PatternPayload, [NotFound, VersionConflict]),
    scope,
    price: 'mutation',
    description: 'Changes a pattern; its settings and data are replaced as a whole.',
    args: inputOf(UpdatePatternInput),
    source: act(updatePatternSchema, updatePattern, { ids: { id: 'pat' } }),
  }),
  clonePattern: t.field({
    type: resultOf('ClonePatternResult', PatternPayload, [NotFound]),
    scope,
    price: 'mutation',
    description:
      'Makes a private copy of an own or public pattern in the own account, with its settings, measurements included. The set of an own pattern stays named.',
    args: inputOf(ClonePatternInput),
    source: act(clonePatternSchema, clonePattern, { ids: { of: 'pat' } }),
  }),
  deletePattern: t.field({
    type: resultOf('DeletePatternResult', DeletePatternPayload, [NotFound, VersionConflict]),
    scope,
    price: 'mutation',
    description: 'Deletes a pattern for good.',
    args: inputOf(DeletePatternInput),
    source: act(deletePatternSchema, deletePattern, { ids: { id: 'pat' } }),
  }),
  publishPattern: t.field({
    type: resultOf('PublishPatternResult', PublishPatternPayload, [NotFound, VersionConflict]),
    scope,
    price: 'mutation',
    description:
      'Makes a pattern public: anybody may read its name, notes, image, data and settings, the measurements in them included. The answer names them.',
    args: inputOf(PublishPatternInput),
    source: act(publishPatternSchema, publishPattern, { ids: { id: 'pat' } }),
  }),
  unpublishPattern: t.field({
    type: resultOf('UnpublishPatternResult', PatternPayload, [NotFound, VersionConflict]),
    scope,
    price: 'mutation',
    description: 'Makes a pattern private again. What others have copied meanwhile is theirs.',
    args: inputOf(PublishPatternInput),
    source: act(publishPatternSchema, unpublishPattern, { ids: { id: 'pat' } }),
  }),
  refreshPatternMeasurements: t.field({
    type: resultOf('RefreshPatternMeasurementsResult', PatternPayload, [
      NotFound,
      PatternWithoutSet,
      VersionConflict,
    ]),
    scope,
    price: 'mutation',
    description:
      'Has the settings of a pattern hold the present measurements of its set, inherited ones included, in place of those that they held.',
    args: inputOf(RefreshPatternMeasurementsInput),
    source: act(refreshMeasurementsSchema, refreshMeasurements, { ids: { id: 'pat' } }),
  }),
}))
