/** What of the seeded data the documents name, by variable: ids of sets and of patterns of the account that asks. */
export interface Named {
  readonly set: string
  readonly pattern: string
  readonly ids: readonly string[]
}

/** Asks for what the documents name. */
export const FIND_NAMED = `query FindNamed {
  measurementSets(first: 10) { nodes { id } }
  patterns(first: 10) { nodes { id } }
}`

/**
 * What is asked to learn what points cost: operations of many shapes that only read. Each kind of the price list comes in
 * several proportions to the others. None asks for `usage`: what that takes depends on how much everybody else used a moment ago.
 */
export const DOCUMENTS: readonly string[] = [
  `query Version { version }`,
  `query Me { me { username bio units } }`,
  `query Overview { me { username measurementSets(first: 5) { nodes { name } } patterns(first: 5) { nodes { name } } } }`,
  `query OneSet($set: ID!) { measurementSet(id: $set) { name notes } }`,
  `query OneSetMeasured($set: ID!) { measurementSet(id: $set) { name notes measurements } }`,
  `query OneSetListed($set: ID!) { measurementSet(id: $set) { name measurementList(unit: CM) { name value unit } } }`,
  `query OnePattern($pattern: ID!) { pattern(id: $pattern) { name design measurementSet { name } } }`,
  `query OnePatternWhole($pattern: ID!) { pattern(id: $pattern) { name design settings data } }`,
  `query SetsOf5 { measurementSets(first: 5) { nodes { name } } }`,
  `query SetsOf20 { measurementSets(first: 20) { nodes { name updatedAt } } }`,
  `query SetsOf100 { measurementSets(first: 100) { nodes { name } pageInfo { hasNextPage endCursor } } }`,
  `query SetsOf20Measured { measurementSets(first: 20) { nodes { name measurements } } }`,
  `query SetsOf100Measured { measurementSets(first: 100) { nodes { name measurements } } }`,
  `query SetsOf20Listed { measurementSets(first: 20) { nodes { name measurementList { name value } } } }`,
  `query SetsOf50WithBase { measurementSets(first: 50) { nodes { name baseSet { name } owner { username } } } }`,
  `query SetsCounted { measurementSets(first: 1) { totalCount nodes { name } } }`,
  `query PatternsOf50 { patterns(first: 50) { nodes { name design } } }`,
  `query PatternsOf20WithSets { patterns(first: 20) { nodes { name measurementSet { name measurements } } } }`,
  `query PatternsOf10Whole { patterns(first: 10) { nodes { name settings data } } }`,
  `query SetsWithPatterns { measurementSets(first: 10) { nodes { name patterns(first: 5) { nodes { name } } } } }`,
  `query SetsWithManyPatterns { measurementSets(first: 30) { nodes { name patterns(first: 10) { nodes { name design } } } } }`,
  `query SetsWithCounts { measurementSets(first: 20) { nodes { name patterns(first: 1) { totalCount nodes { id } } } } }`,
  `query CuratedSets { curatedSets(first: 40) { nodes { name tags measurements } } }`,
  `query Designs { designs(first: 50) { nodes { code name measurements optionalMeasurements } } }`,
  `query Named($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on MeasurementSet { name } ... on Pattern { name } } }`,
  `query Fitting { measurementSets(first: 2) { nodes { name fittingDesigns(onlyComplete: true) { design { code name } } } } }`,
]
