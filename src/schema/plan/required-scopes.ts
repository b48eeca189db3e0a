import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { ACCESS, type Denial, type Scope, type Standing } from '../../auth/access.ts'
import { checkScope } from '../../auth/check-scope.ts'
import { apiError, ERRORS, type Problem } from '../../errors.ts'
import type { CollectContext } from './collect-fields.ts'

/** A field that the operation asks for, and the scopes its rule names. */
interface GuardedField {
  readonly path: string
  readonly scopes: readonly Scope[]
}

/**
 * The scopes that the operation needs, read off the rules of the fields it selects; the standing holds all of them.
 * @throws {ApiError} when one field or more is closed to the standing, with every such field
 */
export function requiredScopes(
  context: CollectContext,
  operation: OperationDefinitionNode,
  standing: Standing,
): readonly Scope[] {
  const guarded = guardedFields(context, operation)
  const problems = guarded.flatMap(({ path, scopes }) =>
    scopes.flatMap((scope): Problem[] => {
      const denial = checkScope(standing, scope)
      return denial === null ? [] : [{ ...denial, path, scope, message: messageOf(denial) }]
    }),
  )
  const [first] = problems
  if (first !== undefined) throw apiError(first.code, { problems })
  return [...new Set(guarded.flatMap(({ scopes }) => scopes))]
}

/** The names of the scopes in a field's scope-auth rule. */
export function scopesOf(field: GraphQLField<unknown, unknown>): readonly Scope[] {
  const options: unknown = field.extensions['pothosOptions']
  const rule = isRecord(options) ? options['authScopes'] : undefined
  const names = isRecord(rule) ? Object.keys(rule) : []
  return names.filter(isScope)
}

function messageOf(denial: Denial): string {
  if (denial.code !== 'LEVEL_TOO_LOW') return ERRORS[denial.code].message
  const roles =
    denial.rolesNeeded === undefined ? '' : ` and the role ${denial.rolesNeeded.join(' or ')}`
  return `Needs access level ${denial.levelNeeded}${roles}; this credential holds ${denial.levelHeld}.`
}

function guardedFields(
  context: CollectContext,
  operation: OperationDefinitionNode,
): readonly GuardedField[] {
  const walked: Walked = { fields: new Map(), spreads: new Set() }
  const root = context.schema.getRootType(operation.operation)
  if (root) walk(context, { type: root, path: '', selectionSet: operation.selectionSet }, walked)
  return [...walked.fields.values()]
}

interface Walked {
  readonly fields: Map<string, GuardedField>
  /** Path and name of every fragment taken in: a second time it would add nothing, and fragments would multiply. */
  readonly spreads: Set<string>
}

interface Position {
  readonly type: GraphQLNamedType
  readonly path: string
  readonly selectionSet: SelectionSetNode
}

function walk(
  context: CollectContext,
  { type, path, selectionSet }: Position,
  walked: Walked,
): void {
  for (const selection of selectionSet.selections) {
    if (!context.shape.includes(selection)) continue
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const spread = `${path} ${selection.name.value}`
      if (walked.spreads.has(spread)) continue
      walked.spreads.add(spread)
    }
    if (selection.kind !== Kind.FIELD) {
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? context.fragments[selection.name.value]
          : selection
      if (fragment === undefined) continue
      const condition = context.schema.getType(fragment.typeCondition?.name.value ?? type.name)
      walk(context, { type: condition ?? type, path, selectionSet: fragment.selectionSet }, walked)
      continue
    }
    const name = selection.alias?.value ?? selection.name.value
    const fieldPath = path === '' ? name : `${path}.${name}`
    const field =
      isObjectType(type) || isInterfaceType(type)
        ? type.getFields()[selection.name.value]
        : undefined
    if (field === undefined) continue
    walked.fields.set(`${fieldPath} ${type.name}`, { path: fieldPath, scopes: scopesOf(field) })
    if (selection.selectionSet === undefined) continue
    const below = {
      type: getNamedType(field.type),
      path: fieldPath,
      selectionSet: selection.selectionSet,
    }
    walk(context, below, walked)
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isScope(name: string): name is Scope {
  return Object.hasOwn(ACCESS, name)
}
