import { printSchemaWithDirectives } from '@graphql-tools/utils'
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type StringValueNode,
  type TypeNode,
} from 'graphql'
import { ACCESS } from '../../src/auth/access.ts'
import { scopesOf } from '../../src/schema/plan/required-scopes.ts'
import { argumentsOf, directive, isList, typeName, weightOf } from './printed-nodes.ts'
import {
  FIELD_PRICES,
  type FieldPrice,
  FREE_ARGUMENT,
  FREE_TYPE,
  LEDGER_LINE,
} from '../../src/schema/prices.ts'

/**
 * What a schema lacks of the rules that hold for all of it, one sentence each, beginning with a schema coordinate: a
 * scope-auth rule per field and the same in print, descriptions, units, list sizes, prices by kind.
 */
export function findBreaches(schema: GraphQLSchema): string[] {
  const document = parse(printSchemaWithDirectives(schema))
  const sizedBy = sizedFields(document.definitions)
  const inputs = namesOf(document.definitions, Kind.INPUT_OBJECT_TYPE_DEFINITION)
  const outcomes = outcomesOf(document.definitions)
  return document.definitions.flatMap((definition): string[] => {
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION: {
        const type = definition.name.value
        const fields = (definition.fields ?? []).flatMap((field) => [
          ...ruleBreaches(schema, type, field),
          ...fieldBreaches(type, field, sizedBy),
          ...argumentBreaches(`${type}.${field.name.value}`, field, inputs),
        ])
        return [...described(type, definition), ...typePrice(definition, outcomes), ...fields]
      }
      case Kind.ENUM_TYPE_DEFINITION:
        return describedMembers(definition.name.value, definition, definition.values)
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        return describedMembers(definition.name.value, definition, definition.fields)
      case Kind.DIRECTIVE_DEFINITION:
        return describedMembers(`@${definition.name.value}`, definition, definition.arguments)
      case Kind.SCALAR_TYPE_DEFINITION:
      case Kind.UNION_TYPE_DEFINITION:
        return described(definition.name.value, definition)
      default:
        return []
    }
  })
}

interface Described {
  readonly description?: StringValueNode | undefined
}

function described(coordinate: string, { description }: Described): string[] {
  return description === undefined || description.value.trim() === ''
    ? [`${coordinate} has no description.`]
    : []
}

function describedMembers(
  name: string,
  node: Described,
  members: readonly (Described & { readonly name: { readonly value: string } })[] = [],
): string[] {
  const breaches = members.flatMap((member) => described(`${name}.${member.name.value}`, member))
  return [...described(name, node), ...breaches]
}

function ruleBreaches(schema: GraphQLSchema, parent: string, node: FieldDefinitionNode) {
  const coordinate = `${parent}.${node.name.value}`
  const type = schema.getType(parent)
  const field =
    isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined
  if (field === undefined) throw new Error(`${coordinate} is printed and not there.`)
  const [scope, ...others] = scopesOf(field)
  if (scope === undefined) return [`${coordinate} has no rule.`]
  if (others.length > 0) return [`${coordinate} has several rules.`]
  const printed = argumentsOf(directive(node, 'access'))
  // Read back from JSON: printing knows no undefined, and no order.
  const table: unknown = JSON.parse(JSON.stringify({ scope, ...ACCESS[scope] }))
  return sameMembers(printed, table) ? [] : [`${coordinate} prints another @access than its rule.`]
}

function fieldBreaches(
  type: string,
  field: FieldDefinitionNode,
  sizedBy: ReadonlyMap<string, readonly string[]>,
): string[] {
  const coordinate = `${type}.${field.name.value}`
  const breaches = described(coordinate, field)
  if (!SUMS.test(type) && !namesUnit(field)) breaches.push(`${coordinate} names no unit.`)
  const isSized =
    directive(field, 'listSize') !== undefined || sizedBy.get(type)?.includes(field.name.value)
  if (isList(field.type) && isSized !== true) breaches.push(`${coordinate} has no size.`)
  const kind = kindOf(type, field)
  const price = kind === null ? undefined : String(FIELD_PRICES[kind])
  if (weightOf(field) !== price) breaches.push(`${coordinate} does not cost what ${kind} costs.`)
  return breaches
}

function argumentBreaches(
  coordinate: string,
  field: FieldDefinitionNode,
  inputs: ReadonlySet<string>,
): string[] {
  return (field.arguments ?? []).flatMap((argument) => {
    const place = `${coordinate}(${argument.name.value}:)`
    const breaches = described(place, argument)
    if (!namesUnit(argument)) breaches.push(`${place} names no unit.`)
    const price = inputs.has(typeName(argument.type)) ? String(FREE_ARGUMENT) : undefined
    if (weightOf(argument) !== price) breaches.push(`${place} does not weigh what its kind weighs.`)
    return breaches
  })
}

/** Types whose values are lengths, angles, amounts or rates, and the fields of JSON that hold some. */
const MEASURING = new Set(['Float', 'Measurements', 'MeasurementValue', 'LengthUnit'])
const MEASURING_FIELDS = new Set(['settings'])

function namesUnit({
  name,
  type,
  description,
}: Described & { readonly name: { readonly value: string }; readonly type: TypeNode }): boolean {
  const measures = MEASURING.has(typeName(type)) || MEASURING_FIELDS.has(name.value)
  return (
    !measures ||
    /`unit`|`currency`|\bMM\b|millimetres|degrees|points a second/i.test(description?.value ?? '')
  )
}

/** What kind of the price list a field is, by its type alone. */
function kindOf(parent: string, { name, type }: FieldDefinitionNode): FieldPrice | null {
  if (parent === 'Mutation') return name.value.startsWith('import') ? 'import' : 'mutation'
  if (name.value === 'totalCount') return 'totalCount'
  const named = typeName(type)
  if (named === 'LedgerLine') return 'list'
  if (SUMS.test(named)) return 'sum'
  if (/Edge$|^(PageInfo|RateLimit|UsageReport|Ledger|Oversight)$/.test(named)) return 'shape'
  if (isShape(parent) && !LEAVES.test(named)) return 'shape'
  if (named.endsWith('Connection')) return 'connection'
  if (isList(type))
    return /^(Node|FittingDesign|SlowedAccount)$/.test(named) ? 'list' : 'scalar-list'
  if (named === 'JSON') return 'large-json'
  return LEAVES.test(named) ? null : 'relation'
}

/** Types whose objects are lines of the ledger, or sums over them. */
const SUMS = /^(LedgerLine|UsageRow|Oversight(Account|Key|Operation|Day)|RefusalCount)$/

/** Scalars and enums of this schema. */
const LEAVES =
  /^(ID|String|Int|Float|Boolean|DateTime|Measurements|Role|Units|Language|Consent|RevocationReason|Publication)$|(Type|Status|State|Name|Unit|Method|Code|Kind|Part|Step)$/

function typePrice(
  node: {
    readonly name: { readonly value: string }
    readonly directives?: readonly ConstDirectiveNode[] | undefined
  },
  outcomes: ReadonlySet<string>,
): string[] {
  const name = node.name.value
  const isFree = isShape(name) || DESCRIBING.test(name) || outcomes.has(name)
  const price = isFree ? FREE_TYPE : name === 'LedgerLine' ? LEDGER_LINE : null
  return weightOf(node) === price?.toString()
    ? []
    : [`${name} does not weigh what its kind weighs.`]
}

/** Types that describe a value or the request itself: no row stands behind them. */
const DESCRIBING =
  /^(MeasurementValue|MeasurementWarning|ImportWarning|ImportProblem|ImportedMeasurementSet|RateLimit|Ledger|UsageReport|UsageRow|Oversight\w*|RefusalCount|Bill|SlowedAccount)$/

/** Types that a mutation answers: its price is the field's alone. */
function outcomesOf(definitions: readonly DefinitionNode[]): ReadonlySet<string> {
  const results = definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.name.value === 'Mutation'
      ? (definition.fields ?? []).map(({ type }) => typeName(type))
      : [],
  )
  const members = definitions.flatMap((definition) =>
    definition.kind === Kind.UNION_TYPE_DEFINITION && results.includes(definition.name.value)
      ? (definition.types ?? []).map(typeName)
      : [],
  )
  return new Set([...results, ...members])
}

function isShape(type: string): boolean {
  return /Connection$|Edge$|^(PageInfo|FittingDesign)$/.test(type)
}

function namesOf(definitions: readonly DefinitionNode[], kind: Kind): ReadonlySet<string> {
  return new Set(
    definitions.flatMap((definition) =>
      definition.kind === kind && 'name' in definition && definition.name !== undefined
        ? [definition.name.value]
        : [],
    ),
  )
}

/** Connection type -> the fields that every field answering it sizes. */
function sizedFields(definitions: readonly DefinitionNode[]): Map<string, readonly string[]> {
  const sized = new Map<string, readonly string[]>()
  for (const definition of definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue
    for (const field of definition.fields ?? []) {
      const { sizedFields: names } = argumentsOf(directive(field, 'listSize'))
      const type = typeName(field.type)
      const known = sized.get(type)
      const here = Array.isArray(names) ? names.map(String) : []
      sized.set(type, known === undefined ? here : known.filter((name) => here.includes(name)))
    }
  }
  return sized
}

/** Whether both hold the same, a member that is null as good as absent. */
function sameMembers(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right)
}

function canonical(value: unknown): string {
  const members = Object.entries(value ?? {}).filter(([, member]) => member !== null)
  return JSON.stringify(members.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
