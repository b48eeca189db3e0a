import { accountProfileRows } from './account/account.sql.ts'
import { apiKeyRows } from './api-key/api-key.sql.ts'
import { bookmarkRows } from './bookmark/bookmark.sql.ts'
import { builder } from './builder.ts'
import { curatedSetRows } from './curated-set/curated-set.sql.ts'
import { measurementSetRows } from './measurement-set/measurement-set.sql.ts'
import { patternRows } from './pattern/pattern.sql.ts'
import type { Rows } from './plan/source.ts'
import { Node } from './refs.ts'

/** Types that an id can name. */
const TYPES: Readonly<Record<string, Rows>> = {
  AccountProfile: accountProfileRows,
  ApiKey: apiKeyRows,
  Bookmark: bookmarkRows,
  CuratedSet: curatedSetRows,
  MeasurementSet: measurementSetRows,
  Pattern: patternRows,
}

/** Most ids that `nodes` takes. */
export const MOST_IDS = 20

Node.implement({
  description: 'Something with an id of its own. The prefix of the id tells the type.',
  fields: (t) => ({
    id: t.id({
      scope: 'public',
      description: 'Names it everywhere, URL-safe: a prefix and 16 bytes in base58.',
    }),
  }),
})

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    scope: 'public',
    price: 'relation',
    description: 'What an id names; null where it names nothing that the caller may see.',
    args: {
      id: t.arg.id({
        required: true,
        description:
          'The id of an AccountProfile, ApiKey, Bookmark, CuratedSet, MeasurementSet or Pattern.',
      }),
    },
    source: { kind: 'by-id', many: false, atMost: 1, types: TYPES },
  }),
  nodes: t.field({
    type: t.listRef(Node, { nullable: true }),
    scope: 'public',
    price: 'list',
    atMost: MOST_IDS,
    description:
      'What each id names, in the order of the ids; null in the place of one that names nothing that the caller may see.',
    args: { ids: t.arg.idList({ required: true, description: `At most ${MOST_IDS} ids.` }) },
    source: { kind: 'by-id', many: true, atMost: MOST_IDS, types: TYPES },
  }),
}))
