import {
  type ArgumentNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  Kind,
  type NameNode,
  parseType,
  print,
  type SelectionSetNode,
  TypeInfo,
  type ValueNode,
  valueFromASTUntyped,
  type VariableDefinitionNode,
  type VariableNode,
  visit,
  visitWithTypeInfo,
} from 'graphql'

import type { Choices } from './choices.ts'
import { inlineFragments } from './inline-fragments.ts'

export interface Request {
  readonly document: DocumentNode
  readonly variables: Readonly<Record<string, unknown>>
}

export function withoutFragments(document: DocumentNode): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: [inlineFragments(document)] }
}

/** Selection sets become fragments; where the same is selected of a type, it is the same fragment. */
export function extractFragments(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>()
  const types = new TypeInfo(schema)
  const rewritten = visit(
    withoutFragments(document),
    visitWithTypeInfo(types, {
      SelectionSet: {
        leave(set) {
          const type = types.getParentType()
          if (!type) return undefined
          const text = `${type.name} ${print(set)}`
          const name = fragments.get(text)?.name.value ?? `Extracted${fragments.size}`
          fragments.set(text, fragmentOf(name, type.name, set))
          return { ...set, selections: [{ kind: Kind.FRAGMENT_SPREAD, name: nameNode(name) }] }
        },
      },
    }),
  )
  return { ...rewritten, definitions: [...rewritten.definitions, ...fragments.values()] }
}

export function reverseSelections(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: { leave: (set) => ({ ...set, selections: set.selections.toReversed() }) },
  })
}

/** Every selection stands twice. */
export function repeatSelections(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: {
      leave: (set) => ({ ...set, selections: [...set.selections, ...set.selections] }),
    },
  })
}

/** Arguments become variables, with values of their own or with defaults. */
export function liftArguments(
  schema: GraphQLSchema,
  { document, variables }: Request,
  as: 'values' | 'defaults',
): Request {
  const types = new TypeInfo(schema)
  const declared: VariableDefinitionNode[] = []
  const values: Record<string, unknown> = {}
  const rewritten = visit(
    document,
    visitWithTypeInfo(types, {
      VariableDefinition: { enter: () => false },
      Argument(node: ArgumentNode) {
        const type = types.getInputType()
        if (!type || hasVariable(node.value) || node.name.value === 'if') return undefined
        const name = `lifted${declared.length}`
        declared.push(declaration(name, String(type), as === 'defaults' ? node.value : null))
        if (as === 'values') values[name] = valueFromASTUntyped(node.value)
        return { ...node, value: variable(name) }
      },
    }),
  )
  return { document: declare(rewritten, declared), variables: { ...variables, ...values } }
}

/** Of objects whose type is known, what is left out and has a default is written down. */
export function writeDefaults(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const types = new TypeInfo(schema)
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field(node: FieldNode) {
        if (!isObjectType(types.getParentType())) return undefined
        const given = node.arguments ?? []
        const added = (types.getFieldDef()?.args ?? []).flatMap(({ name, astNode }) => {
          const value = astNode?.defaultValue
          const isGiven = given.some((argument) => argument.name.value === name)
          if (isGiven || value === undefined) return []
          return [{ kind: Kind.ARGUMENT as const, name: nameNode(name), value }]
        })
        return { ...node, arguments: [...given, ...added] }
      },
    }),
  )
}

/** One more field, where a field is selected without a condition. Null where there is no such place. */
export function addField(
  schema: GraphQLSchema,
  document: DocumentNode,
  choices: Choices,
): DocumentNode | null {
  const types = new TypeInfo(schema)
  const places: { readonly set: SelectionSetNode; readonly field: FieldNode }[] = []
  visit(
    document,
    visitWithTypeInfo(types, {
      SelectionSet(set) {
        const type = types.getParentType()
        const has = set.selections.some(
          ({ kind, directives }) => kind === Kind.FIELD && (directives ?? []).length === 0,
        )
        if (!has || !type || !('getFields' in type)) return
        for (const { name, type: output } of Object.values(type.getFields())) {
          places.push({ set, field: fieldNode(name, isCompositeType(getNamedType(output))) })
        }
      },
    }),
  )
  if (places.length === 0) return null
  const place = choices.oneOf(places)
  return visit(document, {
    SelectionSet: {
      enter: (set) =>
        set === place.set ? { ...set, selections: [...set.selections, place.field] } : undefined,
    },
  })
}

function fieldNode(name: string, isComposite: boolean): FieldNode {
  const typename = { kind: Kind.FIELD as const, name: nameNode('__typename') }
  return {
    kind: Kind.FIELD,
    alias: nameNode('added'),
    name: nameNode(name),
    ...(isComposite && {
      selectionSet: { kind: Kind.SELECTION_SET as const, selections: [typename] },
    }),
  }
}

function fragmentOf(
  name: string,
  type: string,
  selectionSet: SelectionSetNode,
): FragmentDefinitionNode {
  return {
    kind: Kind.FRAGMENT_DEFINITION,
    name: nameNode(name),
    typeCondition: { kind: Kind.NAMED_TYPE, name: nameNode(type) },
    selectionSet,
  }
}

function declare(
  document: DocumentNode,
  declared: readonly VariableDefinitionNode[],
): DocumentNode {
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? {
          ...definition,
          variableDefinitions: [...(definition.variableDefinitions ?? []), ...declared],
        }
      : definition,
  )
  return { ...document, definitions }
}

function declaration(
  name: string,
  type: string,
  defaultValue: ValueNode | null,
): VariableDefinitionNode {
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: variable(name),
    type: parseType(type),
    // Whoever lifts a value has seen that no variable is in it.
    ...(defaultValue !== null && { defaultValue: defaultValue as ConstValueNode }),
  }
}

function variable(name: string): VariableNode {
  return { kind: Kind.VARIABLE, name: nameNode(name) }
}

function nameNode(value: string): NameNode {
  return { kind: Kind.NAME, value }
}

function hasVariable(value: ValueNode): boolean {
  return print(value).includes('$')
}
