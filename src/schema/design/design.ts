import { sql } from 'kysely'
import { builder } from '../builder.ts'
import { MeasurementName, MOST_MEASUREMENTS } from '../measurement-set/measurement-fields.ts'
import type { OpenedSource } from '../plan/source.ts'
import { requiredText, text } from '../sql-json.ts'
import { namesIn } from './measurement-names.ts'

export const Design = builder.objectRef<object>('Design')

Design.implement({
  description: 'A sewing design, from which patterns are drafted to measure.',
  fields: (t) => ({
    code: t.string({
      scope: 'public',
      description: 'What `Pattern.design` names it by.',
      source: requiredText('code'),
    }),
    name: t.string({
      scope: 'public',
      description: 'What it is called.',
      source: requiredText('name'),
    }),
    version: t.string({
      scope: 'public',
      description: 'The release of the design that its measurements are from.',
      source: requiredText('version'),
    }),
    description: t.string({
      scope: 'public',
      nullable: true,
      description: 'What it is, in English.',
      source: text('description'),
    }),
    measurements: t.field({
      type: [MeasurementName],
      scope: 'public',
      price: 'scalar-list',
      atMost: MOST_MEASUREMENTS,
      description: 'What it can not be drafted without.',
      source: namesOf('required', 'optional', 0),
    }),
    optionalMeasurements: t.field({
      type: [MeasurementName],
      scope: 'public',
      price: 'scalar-list',
      atMost: MOST_MEASUREMENTS,
      description: 'What it is drafted with where it is known.',
      source: namesOf('required', 'optional', 1),
    }),
  }),
})

/**
 * The names whose bits are set in one of two columns. An object hands over one text for all its fields: whichever column is
 * read, both are in it.
 */
export function namesOf(first: string, second: string, read: 0 | 1): OpenedSource {
  return {
    kind: 'opened',
    needs: (row) => sql`${sql.ref(`${row}.${first}`)} || ' ' || ${sql.ref(`${row}.${second}`)}`,
    value: ({ text: bits }) => ({
      json: JSON.stringify(namesIn(Number(bits.split(' ')[read]))),
    }),
  }
}
