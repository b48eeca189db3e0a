const SET =
  'id name nameDe: name(language: DE) notes notesDe: notes(language: DE) height(unit: CM) image tags publication version measurements(unit: CM)'
const PROBLEM = '... on Problem { __typename code } ... on VersionConflict { currentVersion }'
const SUGGESTION =
  'id name notes note state reason decidedAt version measurements(unit: CM) curatedSet { id }'

function mutation(name: string, input: string, answer: string): string {
  return `mutation ($input: ${input}!) { ${name}(input: $input) { ${answer} } }`
}

const WRITTEN = `... on CuratedSetPayload { curatedSet { ${SET} } warnings { code measurements } } ${PROBLEM}`

export const CREATE = mutation(
  'createCuratedSet',
  'CreateCuratedSetInput',
  WRITTEN.replace(PROBLEM, ''),
)
export const UPDATE = mutation('updateCuratedSet', 'UpdateCuratedSetInput', WRITTEN)
export const PUBLISH = mutation(
  'publishCuratedSet',
  'PublishCuratedSetInput',
  `... on PublishCuratedSetPayload { curatedSet { ${SET} } } ${PROBLEM}`,
)
export const RETIRE = mutation(
  'retireCuratedSet',
  'PublishCuratedSetInput',
  `... on RetireCuratedSetPayload { curatedSet { ${SET} } } ${PROBLEM}`,
)
export const SUGGEST = mutation(
  'suggestCuratedSet',
  'SuggestCuratedSetInput',
  `... on SuggestCuratedSetPayload { suggestion { ${SUGGESTION} } } ... on Problem { __typename code }`,
)
export const ACCEPT = mutation(
  'acceptCuratedSetSuggestion',
  'AcceptCuratedSetSuggestionInput',
  `... on AcceptCuratedSetSuggestionPayload { suggestion { ${SUGGESTION} } curatedSet { ${SET} } } ${PROBLEM}`,
)
export const DECLINE = mutation(
  'declineCuratedSetSuggestion',
  'DeclineCuratedSetSuggestionInput',
  `... on DeclineCuratedSetSuggestionPayload { suggestion { ${SUGGESTION} } } ${PROBLEM}`,
)
export const READ = `query ($id: ID!) { curatedSet(id: $id) { ${SET} } }`
export const SUGGESTIONS = `query ($state: SuggestionState = OPEN) { curatedSetSuggestions(state: $state) { totalCount nodes { ${SUGGESTION} } } }`
export const OWN_SUGGESTIONS = `{ me { suggestions { nodes { ${SUGGESTION} } } } }`
