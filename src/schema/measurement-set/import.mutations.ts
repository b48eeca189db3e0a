import {
  IMPORT_LIMITS,
  importSets,
  importSetsSchema,
  LISTED,
} from '../../community/measurement-sets/import-sets.ts'
import { SIZES } from '../../community/sizes.ts'
import { sql } from 'kysely'
import { builder } from '../builder.ts'
import { pageArguments } from '../connection.ts'
import { MeasurementSetConnection } from '../connections.ts'
import { FREE } from '../directives.ts'
import { LengthUnit } from '../enums.ts'
import { act, inputOf, resultOf } from '../mutation.ts'
import { byCreation, DATED_ORDERS } from '../pages.ts'
import { NotFound } from '../problem.ts'
import { MeasurementName, MOST_MEASUREMENTS } from './measurement-fields.ts'
import { measurementSetRows } from './measurement-set.sql.ts'
import { Scale, WarningCode } from './warnings.ts'

const ImportFormat = builder.enumType('ImportFormat', {
  description: 'How a file of measurement sets is written.',
  values: {
    JSON: {
      value: 'json',
      description:
        'One object or a list of them, as the FreeSewing backend exports and imports sets, or as this service exports them. Lengths are millimetres unless `unit` says otherwise.',
    },
    YAML: { value: 'yaml', description: 'The same, as YAML.' },
    CSV: {
      value: 'csv',
      description:
        'A row of names, then a row of values for each set: measurement names, and `name`, `notes`, `public`, `units` if you like.',
    },
  } as const,
})

const OnProblem = builder.enumType('OnProblem', {
  description: 'What becomes of a file in which something is wrong.',
  values: {
    REFUSE: {
      value: 'refuse',
      description: 'All of it is refused, with everything that is wrong.',
    },
    SKIP: {
      value: 'skip',
      description: 'Sets with nothing wrong are made; the answer names the rest.',
    },
  } as const,
})

const ImportMeasurementSetsInput = builder.inputType('ImportMeasurementSetsInput', {
  description: 'A file of measurement sets.',
  fields: (t) => ({
    account: t.id({
      description:
        'Whose they will be: another’s, for whoever may write those (access level 6); the own where it is absent.',
    }),
    format: t.field({ type: ImportFormat, required: true, description: 'How `text` is written.' }),
    text: t.string({
      required: true,
      description: `The file: up to ${IMPORT_LIMITS.sets} sets.`,
    }),
    unit: t.field({
      type: LengthUnit,
      description: 'Unit of the lengths in the file: needed for CSV, else MM where it is absent.',
    }),
    name: t.string({
      description: `What a set without a name is called: 1 to ${SIZES.nameCharacters} characters.`,
    }),
    keepPublic: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Whether sets that are public in the file become public here; otherwise all are private.',
    }),
    scale: t.field({
      type: Scale,
      required: true,
      defaultValue: 'PERSON',
      description: 'What warnings are measured by.',
    }),
    onProblem: t.field({
      type: OnProblem,
      required: true,
      defaultValue: 'refuse',
      description: 'What becomes of the file where something in it is wrong.',
    }),
  }),
})

const POSITION = 'Which set of the file, from 0.'

const ImportedMeasurementSet = builder.objectRef<object>('ImportedMeasurementSet').implement({
  description: 'A set of a file, and the one that was made of it.',
  extensions: FREE,
  fields: (t) => ({
    position: t.int({ scope: 'public', description: POSITION }),
    id: t.id({ scope: 'public', description: 'Names the set: `set_…`.' }),
  }),
})

const ImportProblem = builder.objectRef<object>('ImportProblem').implement({
  description: 'Something that is wrong with a set of a file, which was skipped.',
  extensions: FREE,
  fields: (t) => ({
    path: t.string({
      scope: 'public',
      description: 'Where, such as `3.measurements.chest`: the position of the set comes first.',
    }),
    message: t.string({ scope: 'public', description: 'What is accepted there. For people.' }),
  }),
})

const ImportWarning = builder.objectRef<object>('ImportWarning').implement({
  description: 'Something about the values of a set that is worth a second look.',
  extensions: FREE,
  fields: (t) => ({
    position: t.int({ scope: 'public', description: POSITION }),
    code: t.field({ type: WarningCode, scope: 'public', description: 'Stable, for programs.' }),
    message: t.string({ scope: 'public', description: 'For people.' }),
    measurements: t.field({
      type: [MeasurementName],
      scope: 'public',
      price: 'scalar-list',
      atMost: MOST_MEASUREMENTS,
      description: 'Which of them it is about.',
    }),
  }),
})

const listed = { scope: 'public', price: 'scalar-list', atMost: LISTED } as const

const ImportMeasurementSetsPayload = builder
  .objectRef<object>('ImportMeasurementSetsPayload')
  .implement({
    description: 'What was made of a file.',
    extensions: FREE,
    fields: (t) => ({
      imported: t.field({
        ...listed,
        type: [ImportedMeasurementSet],
        description: 'The sets that were made, in the order of the file.',
      }),
      measurementSets: t.field({
        type: MeasurementSetConnection,
        scope: 'public',
        price: 'connection',
        description: 'The same as they are stored, in the order of the file.',
        args: pageArguments,
        source: {
          kind: 'page',
          rows: measurementSetRows,
          on: {
            condition: ({ row, outcomeRows }) =>
              sql`${sql.ref(`${row}.id`)} = any(${outcomeRows('measurementSets')})`,
          },
          orders: DATED_ORDERS,
          order: byCreation,
          filters: [],
        },
      }),
      skipped: t.field({
        ...listed,
        type: [ImportProblem],
        description: `What was wrong with sets that were skipped: the first ${LISTED}.`,
      }),
      skippedMore: t.int({
        scope: 'public',
        description: 'How many such problems there are besides.',
      }),
      ignored: t.stringList({
        ...listed,
        description: `Members of the file that nothing is known of or that can not be taken over, as paths: the first ${LISTED}.`,
      }),
      ignoredMore: t.int({ scope: 'public', description: 'How many of them there are besides.' }),
      warnings: t.field({
        ...listed,
        type: [ImportWarning],
        description: `What to look at again: the first ${LISTED}.`,
      }),
      warningsMore: t.int({ scope: 'public', description: 'How many warnings there are besides.' }),
    }),
  })

builder.mutationFields((t) => ({
  importMeasurementSets: t.field({
    type: resultOf('ImportMeasurementSetsResult', ImportMeasurementSetsPayload, [NotFound]),
    scope: 'own-sets:write',
    price: 'import',
    description:
      'Makes a measurement set of each in a file. Unknown measurement names are problems, never dropped. A file with which something is wrong costs as much.',
    args: inputOf(ImportMeasurementSetsInput),
    source: act(importSetsSchema, importSets, {
      isAlone: true,
      isWorkToRead: true,
      ids: { account: 'acc' },
    }),
  }),
}))
