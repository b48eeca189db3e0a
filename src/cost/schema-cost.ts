import {
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  OperationTypeNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql'

import { fieldCompiler } from './compile-fields.ts'
import { compileInputs } from './compile-inputs.ts'
import { readListSize, readWeight } from './read-cost.ts'
import type { FieldCost, InputValueCost, TypeCost } from './type-cost.ts'

/** The price list of a schema: everything that `@cost` and `@listSize` say in it. */
export interface SchemaCost {
  /** Output types by name. */
  readonly types: ReadonlyMap<string, TypeCost>
  readonly roots: ReadonlyMap<OperationTypeNode, TypeCost>
  /** What the arguments of a directive cost, by its name. */
  readonly directives: ReadonlyMap<string, readonly InputValueCost[]>
  /** What every schema has: `__typename`, `__schema` and `__type`. */
  readonly metaFields: ReadonlyMap<string, FieldCost>
  /** Items of a list that nothing else says the size of; Infinity where nobody said. */
  readonly defaultListSize: number
}

export interface SchemaCostOptions {
  readonly defaultListSize?: number
}

/**
 * The price list of a schema, read once.
 * @throws {CostError} for an invalid weight or list size; names its coordinate
 */
export function compileCost(schema: GraphQLSchema, options: SchemaCostOptions = {}): SchemaCost {
  const types = new Map<string, DraftType>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) readWeight(type, type.name)
    else types.set(type.name, draftOf(type))
  }
  const compileInput = compileInputs(schema)
  const compileField = fieldCompiler(types, compileInput)
  for (const type of Object.values(schema.getTypeMap())) {
    const draft = types.get(type.name)
    if (isInterfaceType(type)) checkFields(type)
    if (draft === undefined || !isObjectType(type)) continue
    for (const field of Object.values(type.getFields())) {
      draft.fields.set(field.name, compileField(field, `${type.name}.${field.name}`))
    }
  }
  addObjects(schema, types)
  const directives = schema.getDirectives().map((directive) => {
    const coordinate = (name: string) => `@${directive.name}(${name}:)`
    const inputs = directive.args.map((argument) =>
      compileInput(argument, coordinate(argument.name)),
    )
    return [directive.name, inputs.filter(isCosting)] as const
  })
  const metaFields = [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].map(
    (field) => [field.name, compileField(field, field.name)] as const,
  )
  return {
    types,
    roots: rootsOf(schema, types),
    directives: new Map(directives),
    metaFields: new Map(metaFields),
    defaultListSize: options.defaultListSize ?? Number.POSITIVE_INFINITY,
  }
}

interface DraftType extends TypeCost {
  weight: number
  readonly objects: TypeCost[]
  readonly members: Set<TypeCost>
  readonly fields: Map<string, FieldCost>
}

function draftOf(type: GraphQLNamedType): DraftType {
  const weight = readWeight(type, type.name)
  const kind = isLeafType(type) ? 'leaf' : isObjectType(type) ? 'object' : 'abstract'
  const byKind = { leaf: weight ?? 0, object: weight ?? 1, abstract: 1 }
  const { name } = type
  return { name, kind, weight: byKind[kind], objects: [], members: new Set(), fields: new Map() }
}

/** What stands on the fields of an interface is not consulted, but it has to make sense. */
function checkFields(type: GraphQLInterfaceType): void {
  for (const field of Object.values(type.getFields())) {
    const coordinate = `${type.name}.${field.name}`
    readWeight(field, coordinate)
    readListSize(field, coordinate)
    for (const argument of field.args) readWeight(argument, `${coordinate}(${argument.name}:)`)
  }
}

function addObjects(schema: GraphQLSchema, types: ReadonlyMap<string, DraftType>): void {
  for (const type of Object.values(schema.getTypeMap())) {
    const draft = types.get(type.name)
    if (draft === undefined) continue
    const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : []
    for (const { name } of isObjectType(type) ? [type] : objects) {
      const object = types.get(name)
      if (object === undefined) continue
      draft.objects.push(object)
      draft.members.add(object)
    }
    if (draft.kind !== 'abstract' || draft.objects.length === 0) continue
    draft.weight = Number.NEGATIVE_INFINITY
    for (const object of draft.objects) draft.weight = Math.max(draft.weight, object.weight)
  }
}

function rootsOf(schema: GraphQLSchema, types: ReadonlyMap<string, TypeCost>) {
  const roots = new Map<OperationTypeNode, TypeCost>()
  for (const operation of Object.values(OperationTypeNode)) {
    const root = types.get(schema.getRootType(operation)?.name ?? '')
    if (root !== undefined) roots.set(operation, root)
  }
  return roots
}

function isCosting(input: InputValueCost): boolean {
  return input.weight !== 0 || input.inside !== null
}
