import type { Caller } from './bench-database.ts'
import { DOCUMENTS, type Documents, type QueryName } from './queries.ts'
import type { AskedRequest } from './start-server.ts'

/**
 * Every request of one query, in the order in which the load goes through them: one per caller. Q3 pages through the callers'
 * own accounts, so that each page is full.
 */
export function requestsFor(
  query: QueryName,
  documents: Documents,
  callers: readonly Caller[],
  cursors: readonly (string | null)[],
): readonly AskedRequest[] {
  return callers.map((caller, position) => {
    const isPaged = query === 'Q3' || query === 'Q3N'
    const variables = isPaged ? { variables: { a: cursors[position % cursors.length] } } : {}
    return {
      headers: headersOf(caller, isPaged ? caller.level5 : caller.level2),
      body: JSON.stringify({ query: documents[query], ...variables }),
    }
  })
}

/**
 * Where each page of ten accounts begins, as this server says it: null is the first page. As many pages as callers fill.
 */
export async function readCursors(
  ask: (request: AskedRequest) => Promise<unknown>,
  documents: Documents,
  callers: readonly Caller[],
): Promise<readonly (string | null)[]> {
  const [caller] = callers
  if (caller === undefined) throw new Error('There are no callers.')
  const pages = Math.max(1, Math.floor(callers.length / 10))
  const starts: (string | null)[] = [null]
  for (let after: string | null = null; starts.length < pages; after = starts.at(-1) ?? null) {
    const body = JSON.stringify({ query: documents.cursors, variables: { a: after } })
    const answer = await ask({ headers: headersOf(caller, caller.level5), body })
    // The document asks for exactly this.
    const { accounts } = answer as { accounts: { edges: { cursor: string }[] } }
    const found = accounts.edges.map(({ cursor }) => cursor).filter((_, index) => index % 10 === 9)
    if (found.length === 0) throw new Error('There are fewer accounts than callers.')
    starts.push(...found)
  }
  return starts.slice(0, pages)
}

/** The first request of a start. */
export function firstRequest(caller: Caller, documents: Documents = DOCUMENTS): AskedRequest {
  return {
    headers: headersOf(caller, caller.level2),
    body: JSON.stringify({ query: documents.Q1 }),
  }
}

/** The same for every server: each reads the one that it knows. */
function headersOf(caller: Caller, key: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    authorization: `Bearer ${key}`,
    'x-account': caller.id,
  }
}
