const SET =
  'id name notes image units public version measurements(unit: CM) measurementList { name inherited } baseSet { id }'
const PROBLEM =
  '... on Problem { __typename code message } ... on VersionConflict { currentVersion } ... on SetInUse { dependents }'
const WRITTEN = `... on MeasurementSetPayload { measurementSet { ${SET} } warnings { code measurements } }`

function mutation(name: string, input: string, answer: string): string {
  return `mutation ($input: ${input}!) { ${name}(input: $input) { ${answer} } }`
}

export const CREATE = mutation(
  'createMeasurementSet',
  'CreateMeasurementSetInput',
  `${WRITTEN} ... on Problem { __typename code }`,
)
export const UPDATE = mutation(
  'updateMeasurementSet',
  'UpdateMeasurementSetInput',
  `${WRITTEN} ... on Problem { __typename code } ... on VersionConflict { currentVersion }`,
)
export const CLONE = mutation(
  'cloneMeasurementSet',
  'CloneMeasurementSetInput',
  `... on CloneMeasurementSetPayload { measurementSet { ${SET} } } ... on Problem { __typename code }`,
)
export const DELETE = mutation(
  'deleteMeasurementSet',
  'DeleteMeasurementSetInput',
  `... on DeleteMeasurementSetPayload { id detached detachedCount } ${PROBLEM}`,
)
export const PUBLISH = mutation(
  'publishMeasurementSet',
  'PublishMeasurementSetInput',
  `... on PublishMeasurementSetPayload { measurementSet { ${SET} } parts measurements inherited } ... on Problem { __typename code } ... on VersionConflict { currentVersion }`,
)
export const UNPUBLISH = mutation(
  'unpublishMeasurementSet',
  'PublishMeasurementSetInput',
  `... on UnpublishMeasurementSetPayload { measurementSet { ${SET} } } ... on Problem { __typename code } ... on VersionConflict { currentVersion }`,
)
export const READ = `query ($id: ID!) { measurementSet(id: $id) { ${SET} } }`
