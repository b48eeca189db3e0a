import { createdAt, updatedAt, version } from '../dated-fields.ts'
import { sql } from 'kysely'
import { MOST_TAGS } from '../../community/curated-sets/curated-input.ts'
import { builder } from '../builder.ts'
import { Language } from '../enums.ts'
import {
  measurementListSource,
  measurementsSource,
  MeasurementValue,
  MOST_MEASUREMENTS,
  namesArgument,
  unitArgument,
  unitOf,
} from '../measurement-set/measurement-fields.ts'
import { MM_PER_UNIT } from '../../measurements/units.ts'
import type { OpenedRow } from '../plan/marks.ts'
import type { ColumnSource } from '../plan/source.ts'
import { CuratedSet, Node } from '../refs.ts'
import { id, label, text } from '../sql-json.ts'

const languageArgument = builder.args((t) => ({
  language: t.field({
    type: Language,
    required: true,
    defaultValue: 'EN',
    description: 'English where there is no text in it.',
  }),
}))

export const Publication = builder.enumType('Publication', {
  description: 'Who may read a curated set.',
  values: {
    DRAFT: { value: 'draft', description: 'Curators alone: it was never published.' },
    PUBLISHED: { value: 'published', description: 'Everybody.' },
    RETIRED: {
      value: 'retired',
      description: 'Curators alone again. What others have copied meanwhile is theirs.',
    },
  } as const,
})

CuratedSet.implement({
  description: 'Example measurements that curators publish for everybody.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      scope: 'public',
      description: 'Names the set everywhere: `cur_…`.',
      source: id('cur'),
    }),
    name: t.string({
      scope: 'public',
      description: 'What it is called.',
      args: languageArgument,
      source: translated('names'),
    }),
    notes: t.string({
      scope: 'public',
      nullable: true,
      description: 'Markdown.',
      args: languageArgument,
      source: translated('notes'),
    }),
    height: t.float({
      scope: 'public',
      nullable: true,
      description: 'Body height in `unit`; null where it is not known.',
      args: unitArgument,
      source: {
        kind: 'column',
        json: (row, bind) => [
          sql`coalesce(round((${sql.ref(`${row}.height_mm`)}
          / ${bind((values) => MM_PER_UNIT[unitOf(values)])}::float8)::numeric, 6)::float8::text, 'null')`,
        ],
      },
    }),
    tags: t.stringList({
      scope: 'public',
      price: 'scalar-list',
      atMost: MOST_TAGS,
      description: 'Words to find it by, such as `cis-female`, `adults`, `eu`.',
      source: { kind: 'column', json: (row) => [sql`to_json(${sql.ref(`${row}.tags`)})::text`] },
    }),
    image: t.string({
      scope: 'public',
      nullable: true,
      description: 'URL of a picture.',
      source: text('image'),
    }),
    publication: t.field({
      type: Publication,
      scope: 'public',
      description: 'Who may read it: everybody reads PUBLISHED, curators the others too.',
      source: label('publication'),
    }),
    createdAt: t.field(createdAt('public')),
    updatedAt: t.field(updatedAt('public')),
    version: t.int(version('public')),
    measurements: t.field({
      type: 'Measurements',
      scope: 'public',
      description: 'All values by name: lengths in `unit`, shoulderSlope in degrees.',
      args: { ...unitArgument, ...namesArgument },
      source: measurementsSource(storedMeasurements, textsOf),
    }),
    measurementList: t.field({
      type: [MeasurementValue],
      scope: 'public',
      price: 'scalar-list',
      atMost: MOST_MEASUREMENTS,
      description: 'The same values one by one; lengths in `unit`, shoulderSlope in degrees.',
      args: unitArgument,
      source: measurementListSource(storedMeasurements, textsOf),
    }),
  }),
})

function storedMeasurements(row: string) {
  return sql`${sql.ref(`${row}.measurements`)}::text`
}

function textsOf({ text: stored }: OpenedRow): readonly [string] {
  return [stored]
}

/** The text in the language asked for, else in English. */
function translated(column: 'names' | 'notes'): ColumnSource {
  return {
    kind: 'column',
    json(row, bind) {
      const texts = sql.ref(`${row}.${column}`)
      const language = bind((values) => String(values['language']).toLowerCase())
      return [sql`coalesce(${texts} -> ${language}::text, ${texts} -> 'en', 'null')::text`]
    },
  }
}
