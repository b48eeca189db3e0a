import { sql } from 'kysely'
import { builder } from '../builder.ts'
import { pageArguments } from '../connection.ts'
import { CuratedSetConnection } from '../connections.ts'
import { byCreation, DATED_ORDERS } from '../pages.ts'
import { CuratedSet } from '../refs.ts'
import { idIs } from '../ties.ts'
import { curatedSetRows } from './curated-set.sql.ts'

builder.queryFields((t) => ({
  curatedSet: t.field({
    type: CuratedSet,
    nullable: true,
    scope: 'public',
    price: 'relation',
    description: 'One curated set; null where there is none or it is not published.',
    args: { id: t.arg.id({ required: true, description: '`cur_…`' }) },
    source: { kind: 'one', rows: curatedSetRows, on: idIs('cur') },
  }),
  curatedSets: t.field({
    type: CuratedSetConnection,
    scope: 'public',
    price: 'connection',
    description: 'Published example measurements, open to everybody; earliest made first.',
    args: {
      ...pageArguments,
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
          value: ({ tags }) => tags,
          where: (row, tags) => sql`${sql.ref(`${row}.tags`)} @> ${tags}::text[]`,
        },
      ],
    },
  }),
}))
