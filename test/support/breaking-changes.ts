import {
  BreakingChangeType,
  buildSchema,
  findBreakingChanges,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql'
import type { BreakingChange, GraphQLSchema } from 'graphql'

export interface Release {
  /** The schema as printed for the last release. */
  readonly released: string
  /** The schema as printed now. */
  readonly current: string
  readonly changelog: string
}

/**
 * The changes that break a client of the released schema unannounced, one sentence each. One is announced by
 * `@deprecated` on its released schema coordinate, or by that coordinate in backticks below "Unreleased".
 */
export function findUnannouncedChanges({ released, current, changelog }: Release): string[] {
  const before = buildSchema(released)
  const unreleased = unreleasedPart(changelog)
  return findBreakingChanges(before, buildSchema(current)).flatMap((change) => {
    const coordinate = coordinateOf(change)
    if (isDeprecated(before, coordinate) || unreleased.includes(`\`${coordinate}\``)) return []
    return [`${change.description} Announce \`${coordinate}\`.`]
  })
}

/** What graphql-js says of a change, and the coordinate in it: it has no other place for it. */
const COORDINATES: Record<BreakingChangeType, readonly [RegExp, string]> = {
  TYPE_REMOVED: [/^(?:Standard scalar )?(\w+) was removed.*/, '$1'],
  TYPE_CHANGED_KIND: [/^(\w+) changed .*/, '$1'],
  TYPE_REMOVED_FROM_UNION: [/.* from union type (\w+)\.$/, '$1'],
  VALUE_REMOVED_FROM_ENUM: [/^(\w+) was removed from enum type (\w+)\.$/, '$2.$1'],
  REQUIRED_INPUT_FIELD_ADDED: [/^A required field (\w+) on input type (\w+) .*/, '$2.$1'],
  IMPLEMENTED_INTERFACE_REMOVED: [/^(\w+) no longer .*/, '$1'],
  FIELD_REMOVED: [/^(\w+\.\w+) was removed\.$/, '$1'],
  FIELD_CHANGED_KIND: [/^(\w+\.\w+) changed .*/, '$1'],
  REQUIRED_ARG_ADDED: [/^A required arg (\w+) on (\w+\.\w+) .*/, '$2($1:)'],
  ARG_REMOVED: [/^(\w+\.\w+) arg (\w+) was removed\.$/, '$1($2:)'],
  ARG_CHANGED_KIND: [/^(\w+\.\w+) arg (\w+) has changed .*/, '$1($2:)'],
  DIRECTIVE_REMOVED: [/^(\w+) was removed\.$/, '@$1'],
  DIRECTIVE_ARG_REMOVED: [/^(\w+) was removed from (\w+)\.$/, '@$2($1:)'],
  REQUIRED_DIRECTIVE_ARG_ADDED: [/^A required arg (\w+) on directive (\w+) .*/, '@$2($1:)'],
  DIRECTIVE_REPEATABLE_REMOVED: [/.* from (\w+)\.$/, '@$1'],
  DIRECTIVE_LOCATION_REMOVED: [/.* from (\w+)\.$/, '@$1'],
}

function coordinateOf({ type, description }: BreakingChange): string {
  const [sentence, coordinate] = COORDINATES[type]
  if (!sentence.test(description)) throw new Error(`An unknown form of ${type}: ${description}`)
  return description.replace(sentence, coordinate)
}

/** `Type.member` or `Type.field(argument:)`; other coordinates can not be deprecated. */
function isDeprecated(schema: GraphQLSchema, coordinate: string): boolean {
  const [typeName = '', member = '', argument] = coordinate.split(/[.(:]/)
  const type = schema.getType(typeName)
  if (isEnumType(type)) return type.getValue(member)?.deprecationReason != null
  if (isInputObjectType(type)) return type.getFields()[member]?.deprecationReason != null
  if (!isObjectType(type) && !isInterfaceType(type)) return false
  const field = type.getFields()[member]
  if (field?.deprecationReason != null) return true
  return field?.args.find(({ name }) => name === argument)?.deprecationReason != null
}

function unreleasedPart(changelog: string): string {
  return changelog.split(/^## /m).find((part) => part.startsWith('[Unreleased]')) ?? ''
}
