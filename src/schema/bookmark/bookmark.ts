import { createdAt, updatedAt, version } from '../dated-fields.ts'
import { builder } from '../builder.ts'
import { pageArguments } from '../connection.ts'
import { BookmarkConnection } from '../connections.ts'
import { byCreation, DATED_ORDERS } from '../pages.ts'
import { Bookmark, Node } from '../refs.ts'
import { id, label, requiredText } from '../sql-json.ts'
import { ofReader } from '../ties.ts'
import { bookmarkRows } from './bookmark.sql.ts'

export const BookmarkType = builder.enumType('BookmarkType', {
  description: 'What a bookmark leads to.',
  values: {
    SET: { description: 'A measurement set.' },
    CURATED_SET: { description: 'A curated set.' },
    PATTERN: { description: 'A pattern.' },
    DESIGN: { description: 'A design.' },
    DOC: { description: 'A page of the documentation.' },
    CUSTOM: { description: 'Anything else.' },
  } as const,
})

const scope = 'own-bookmarks:read'

Bookmark.implement({
  description: 'A link that a person keeps.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ scope, description: 'Names the bookmark everywhere: `bkm_…`.', source: id('bkm') }),
    type: t.field({
      type: BookmarkType,
      scope,
      description: 'What it leads to.',
      source: label('type'),
    }),
    title: t.string({
      scope,
      description: 'What the owner calls it, at most 255 characters.',
      source: requiredText('title'),
    }),
    url: t.string({
      scope,
      description: 'Where it leads, at most 1023 characters.',
      source: requiredText('url'),
    }),
    createdAt: t.field(createdAt(scope)),
    updatedAt: t.field(updatedAt(scope)),
    version: t.int(version(scope)),
  }),
})

/** What every list of bookmarks has in common. */
export const bookmarkPage = {
  kind: 'page',
  rows: bookmarkRows,
  orders: DATED_ORDERS,
  order: byCreation,
  filters: [],
} as const

builder.queryField('bookmarks', (t) =>
  t.field({
    type: BookmarkConnection,
    scope,
    price: 'connection',
    description: 'The own bookmarks, earliest made first.',
    args: pageArguments,
    source: { ...bookmarkPage, own: true, on: ofReader },
  }),
)
