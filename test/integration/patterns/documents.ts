const PATTERN =
  'id design name notes image public version settings data measurementSet { id } owner { username }'
const PROBLEM = '... on Problem { __typename code }'
const CONFLICT = '... on VersionConflict { currentVersion }'
const WRITTEN = `... on PatternPayload { pattern { ${PATTERN} } }`

function mutation(name: string, input: string, answer: string): string {
  return `mutation ($input: ${input}!) { ${name}(input: $input) { ${answer} ${PROBLEM} } }`
}

export const CREATE = mutation('createPattern', 'CreatePatternInput', WRITTEN)
export const UPDATE = mutation('updatePattern', 'UpdatePatternInput', WRITTEN + CONFLICT)
export const CLONE = mutation('clonePattern', 'ClonePatternInput', WRITTEN)
export const DELETE = mutation(
  'deletePattern',
  'DeletePatternInput',
  `... on DeletePatternPayload { id } ${CONFLICT}`,
)
export const PUBLISH = mutation(
  'publishPattern',
  'PublishPatternInput',
  `... on PublishPatternPayload { pattern { ${PATTERN} } parts measurements } ${CONFLICT}`,
)
export const UNPUBLISH = mutation('unpublishPattern', 'PublishPatternInput', WRITTEN + CONFLICT)
export const REFRESH = mutation(
  'refreshPatternMeasurements',
  'RefreshPatternMeasurementsInput',
  WRITTEN + CONFLICT,
)
export const READ = `query ($id: ID!) { pattern(id: $id) { ${PATTERN} } }`
