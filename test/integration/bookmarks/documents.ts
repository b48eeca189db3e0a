const BOOKMARK = 'id type title url version'
const PROBLEM = '... on Problem { __typename code } ... on VersionConflict { currentVersion }'

export const CREATE = `mutation ($input: CreateBookmarkInput!) {
  createBookmark(input: $input) { ... on BookmarkPayload { bookmark { ${BOOKMARK} } } } }`
export const UPDATE = `mutation ($input: UpdateBookmarkInput!) {
  updateBookmark(input: $input) { ... on BookmarkPayload { bookmark { ${BOOKMARK} } } ${PROBLEM} } }`
export const DELETE = `mutation ($input: DeleteBookmarkInput!) {
  deleteBookmark(input: $input) { ... on DeleteBookmarkPayload { id } ${PROBLEM} } }`
export const LIST = `{ bookmarks(first: 10) { nodes { ${BOOKMARK} } } }`

export const PAGE = { type: 'DOC', title: 'Ease', url: '/docs/ease' }
