import { sql } from 'kysely'
import { builder } from '../builder.ts'
import { pageArguments } from '../connection.ts'
import { CuratedSetConnection } from '../connections.ts'
import { byCreation, DATED_ORDERS } from '../pages.ts'
import { CuratedSet } from '../refs.ts'
import { idIs } from '../ties.ts'
import { curatedSetRows } from './curated-set.sql.ts'
import { Publication } from './curated-set.ts'

builder.queryFields((t) => ({
  curatedSet: t.field({
    type: CuratedSet,
    nullable: true,
    scope: 'public',
    price: 'relation',
    description:
      'One curated set; null where there is none. Drafts and retired ones are there for curators alone.',
    args: { id: t.arg.id({ required: true, description: '`cur_…`' }) },
    source: { kind: 'one', rows: curatedSetRows, on: idIs('cur') },
  }),
  curatedSets: t.field({
    type: CuratedSetConnection,
    scope: 'public',
    price: 'connection',
    description:
      'Example measurements, earliest made first: published ones, which are open to everybody.',
    args: {
      ...pageArguments,
      publication: t.arg({
        type: [Publication],
        defaultValue: ['published'],
        description:
          'Only sets in one of these states; any where null. Others than PUBLISHED are there for curators alone.',
      }),
      tags: t.arg.stringList({ description: 'Only sets that have every one of these tags.' }),
    },
    source: {
      kind: 'page',
      rows: curatedSetRows,
      on: null,
      orders: DATED_ORDERS,
      order: byCreation,
      filters: [
        {
          value: ({ publication }) => publication,
          where: (row, publication) =>
            sql`${sql.ref(`${row}.publication`)} = any (${publication}::publication[])`,
        },
        {
          value: ({ tags }) => tags,
          where: (row, tags) => sql`${sql.ref(`${row}.tags`)} @> ${tags}::text[]`,
        },
      ],
    },
  }),
}))
