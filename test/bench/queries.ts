export const QUERIES = {
  Q1: 'my account',
  Q2: 'my first 20 sets, measurements included',
  Q3: '10 accounts x 10 sets x 5 patterns, with owners, without names',
  Q3N: 'the same with the names of sets and patterns',
} as const

export type QueryName = keyof typeof QUERIES
export const QUERY_NAMES = Object.keys(QUERIES).filter(isQueryName)

export function isQueryName(text: string): text is QueryName {
  return Object.hasOwn(QUERIES, text)
}

/** The text that one server is sent for each query, and for the walk over the pages of accounts that gives its cursors. */
export type Documents = Readonly<Record<QueryName | 'cursors', string>>

/** As servers spell them that have no spelling of their own. Aliases keep every answer alike. */
export const DOCUMENTS: Documents = {
  Q1: '{ me { id username role } }',
  Q2: '{ me { measurementSets(first: 20) { nodes { id name notes measurements createdAt updatedAt } } } }',
  Q3: accountsDocument('id', 'id design'),
  Q3N: accountsDocument('id name', 'id design name'),
  cursors: 'query($a: String) { accounts(first: 100, after: $a) { edges { cursor } } }',
}

/** What PostGraphile makes of the tables of the plain copy; the aliases bring the names of the others back. */
export const POSTGRAPHILE_DOCUMENTS: Documents = {
  Q1: '{ me { id: ref username role } }',
  Q2: `{ me { measurementSets: measurementSetsByAccountId(first: 20, orderBy: [CREATED_AT_ASC, PRIMARY_KEY_ASC]) {
    nodes { id: ref name notes measurements createdAt updatedAt } } } }`,
  Q3: tablesDocument('id: ref', 'id: ref design'),
  Q3N: tablesDocument('id: ref name', 'id: ref design name'),
  cursors: `query($a: Cursor) { accounts: allAccounts(first: 100, after: $a, orderBy: USERNAME_ASC) {
    edges { cursor } } }`,
}

function accountsDocument(set: string, pattern: string): string {
  return `query($a: String) { accounts(first: 10, after: $a) { nodes { id username measurementSets(first: 10) { nodes { ${set} owner { id username } patterns(first: 5) { nodes { ${pattern} } } } } } } }`
}

function tablesDocument(set: string, pattern: string): string {
  const order = 'orderBy: [CREATED_AT_ASC, PRIMARY_KEY_ASC]'
  return `query($a: Cursor) { accounts: allAccounts(first: 10, after: $a, orderBy: USERNAME_ASC) { nodes { id: ref username
    measurementSets: measurementSetsByAccountId(first: 10, ${order}) { nodes { ${set} owner: accountByAccountId { id: ref username }
    patterns: patternsByMeasurementSetId(first: 5, ${order}) { nodes { ${pattern} } } } } } } }`
}
