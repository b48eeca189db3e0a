/** Cursors by connection and order (`PatternConnection null`: it has none to choose), a page of each list there is. */
export type Cursors = Readonly<Record<string, readonly string[]>>

/** The cursors that a reader meets; `ask` answers the JSON text of a query's data. */
export async function readCursors(ask: (text: string) => Promise<string>): Promise<Cursors> {
  const edges = '{ edges { cursor } }'
  const data = await ask(
    `{ sets: measurementSets ${edges} changed: measurementSets(orderBy: UPDATED_AT) ${edges} patterns ${edges}
      changedPatterns: patterns(orderBy: UPDATED_AT) ${edges} bookmarks ${edges} apiKeys ${edges} curatedSets ${edges}
      accounts ${edges} designs ${edges} bulkExports ${edges} }`,
  )
  const lists: Record<string, { edges: { cursor: string }[] }> = JSON.parse(data)
  const of = (name: string) => lists[name]?.edges.map(({ cursor }) => cursor) ?? []
  return {
    'MeasurementSetConnection CREATED_AT': of('sets'),
    'MeasurementSetConnection UPDATED_AT': of('changed'),
    'PatternConnection CREATED_AT': of('patterns'),
    'PatternConnection null': of('patterns'),
    'PatternConnection UPDATED_AT': of('changedPatterns'),
    'BookmarkConnection null': of('bookmarks'),
    'ApiKeyConnection null': of('apiKeys'),
    'CuratedSetConnection null': of('curatedSets'),
    'AccountProfileConnection null': of('accounts'),
    'BulkExportConnection null': of('bulkExports'),
    'DesignConnection null': of('designs'),
  }
}
