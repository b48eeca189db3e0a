import { TITLE_CHARACTERS, URL_CHARACTERS } from '../../community/bookmarks/bookmark-input.ts'
import { createBookmark, createBookmarkSchema } from '../../community/bookmarks/create-bookmark.ts'
import { deleteBookmark, deleteBookmarkSchema } from '../../community/bookmarks/delete-bookmark.ts'
import { updateBookmark, updateBookmarkSchema } from '../../community/bookmarks/update-bookmark.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'
import { act, inputOf, outcomeRow, resultOf } from '../mutation.ts'
import { NotFound, VersionConflict } from '../problem.ts'
import { Bookmark } from '../refs.ts'
import { BookmarkType } from './bookmark.ts'
import { bookmarkRows } from './bookmark.sql.ts'

const scope = 'own-bookmarks:write'

const TYPE = 'What it leads to.'
const TITLE = `1 to ${TITLE_CHARACTERS} characters.`
const URL = `Where it leads: an http:// or https:// address, or a path such as \`/docs\`; at most ${URL_CHARACTERS} characters.`
const VERSION = 'The version that was read: where it has changed since, nothing happens.'

const CreateBookmarkInput = builder.inputType('CreateBookmarkInput', {
  description: 'A new bookmark.',
  fields: (t) => ({
    type: t.field({ type: BookmarkType, required: true, description: TYPE }),
    title: t.string({ required: true, description: TITLE }),
    url: t.string({ required: true, description: URL }),
  }),
})

const UpdateBookmarkInput = builder.inputType('UpdateBookmarkInput', {
  description: 'What changes of a bookmark; what is absent stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`bkm_…`' }),
    version: t.int({ required: true, description: VERSION }),
    type: t.field({ type: BookmarkType, description: TYPE }),
    title: t.string({ description: TITLE }),
    url: t.string({ description: URL }),
  }),
})

const DeleteBookmarkInput = builder.inputType('DeleteBookmarkInput', {
  description: 'A bookmark to delete.',
  fields: (t) => ({
    id: t.id({ required: true, description: '`bkm_…`' }),
    version: t.int({ description: VERSION }),
  }),
})

const BookmarkPayload = builder.objectRef<object>('BookmarkPayload').implement({
  description: 'A bookmark that was made or changed.',
  extensions: FREE,
  fields: (t) => ({
    bookmark: t.field({
      type: Bookmark,
      nullable: true,
      scope,
      price: 'relation',
      description: 'As it is now.',
      source: outcomeRow('bookmark', bookmarkRows),
    }),
  }),
})

const DeleteBookmarkPayload = builder.objectRef<object>('DeleteBookmarkPayload').implement({
  description: 'A bookmark that is gone.',
  extensions: FREE,
  fields: (t) => ({ id: t.id({ scope, description: 'What named it.' }) }),
})

builder.mutationFields((t) => ({
  createBookmark: t.field({
    type: resultOf('CreateBookmarkResult', BookmarkPayload, []),
    scope,
    price: 'mutation',
    description: 'Makes a bookmark in the own account. What it leads to is not looked at.',
    args: inputOf(CreateBookmarkInput),
    source: act(createBookmarkSchema, createBookmark),
  }),
  updateBookmark: t.field({
    type: resultOf('UpdateBookmarkResult', BookmarkPayload, [NotFound, VersionConflict]),
    scope,
    price: 'mutation',
    description: 'Changes an own bookmark.',
    args: inputOf(UpdateBookmarkInput),
    source: act(updateBookmarkSchema, updateBookmark, { ids: { id: 'bkm' } }),
  }),
  deleteBookmark: t.field({
    type: resultOf('DeleteBookmarkResult', DeleteBookmarkPayload, [NotFound, VersionConflict]),
    scope,
    price: 'mutation',
    description: 'Deletes an own bookmark for good.',
    args: inputOf(DeleteBookmarkInput),
    source: act(deleteBookmarkSchema, deleteBookmark, { ids: { id: 'bkm' } }),
  }),
}))
