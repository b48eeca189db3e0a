import {
  type ConstDirectiveNode,
  type FieldNode,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql'

export type Field = GraphQLField<unknown, unknown>

/** What a parent says of the sizes of its fields. */
export interface NaiveSizing {
  readonly names: readonly string[]
  readonly size: number | null
}

/** The rules of the IBM cost analysis for one request, sentence by sentence: read off the text each time, and kept nowhere. */
export class NaiveRules {
  readonly #schema: GraphQLSchema
  readonly #operation: OperationDefinitionNode
  readonly #variables: Readonly<Record<string, unknown>>

  constructor(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ) {
    this.#schema = schema
    this.#operation = operation
    this.#variables = variables
  }

  objectsOf(type: GraphQLNamedType): readonly GraphQLObjectType[] {
    if (isObjectType(type)) return [type]
    return isAbstractType(type) ? this.#schema.getPossibleTypes(type) : []
  }

  typeWeight(type: GraphQLNamedType): number {
    if (isLeafType(type)) return weightOf(type.astNode) ?? 0
    if (isObjectType(type)) return weightOf(type.astNode) ?? 1
    const objects = this.objectsOf(type)
    return objects.length === 0 ? 1 : Math.max(...objects.map((object) => this.typeWeight(object)))
  }

  fieldOf(object: GraphQLObjectType, name: string): Field {
    const field = object.getFields()[name] ?? (name === '__typename' ? TypeNameMetaFieldDef : null)
    if (field === null) throw new Error(`${object.name}.${name} is missing.`)
    return field
  }

  callCost(field: Field, nodes: readonly FieldNode[]): number {
    const [first] = nodes
    const own =
      (weightOf(field.astNode) ?? (isLeafType(getNamedType(field.type)) ? 0 : 1)) +
      sum(field.args.map((argument) => this.#inputCost(argument, this.#given(argument, first))))
    const directives = nodes.map((node) =>
      sum(
        (node.directives ?? []).flatMap((directive) =>
          (this.#schema.getDirective(directive.name.value)?.args ?? []).map((argument) =>
            this.#inputCost(argument, this.#given(argument, directive)),
          ),
        ),
      ),
    )
    return Math.max(0, own + Math.max(...directives))
  }

  /** Items of each answer; 1 for what is no list. */
  size(
    { field, node }: { readonly field: Field; readonly node: FieldNode },
    parent: NaiveSizing | null,
    defaultListSize: number,
  ): number {
    if (!isList(field.type)) return 1
    const ofParent = parent?.names.includes(node.name.value) === true ? parent.size : null
    const { names, size } = this.sizing(field, node)
    return ofParent ?? (names.length === 0 ? size : null) ?? defaultListSize
  }

  sizing(field: Field, node: FieldNode): NaiveSizing {
    const directive = directiveOf(field.astNode, 'listSize')
    const values = directive === undefined ? {} : valuesOf(directive)
    const slicing = list(values['slicingArguments'])
    const sizes = field.args
      .filter(({ name }) => slicing.includes(name))
      .map((argument) => {
        const given = this.#given(argument, node)
        return given === undefined ? this.#default(argument) : given
      })
      .filter((value) => typeof value === 'number' && Number.isInteger(value))
      .map((value) => Math.max(0, Number(value)))
    const assumed = values['assumedSize']
    const size =
      sizes.length > 0 ? Math.max(...sizes) : typeof assumed === 'number' ? assumed : null
    return { names: list(values['sizedFields']), size }
  }

  /** Active field nodes for an object of this type, in their order. Fragments have been written out. */
  collect(object: GraphQLObjectType, sets: readonly SelectionSetNode[]): readonly FieldNode[] {
    return sets.flatMap(({ selections }) =>
      selections
        .filter((selection) => this.#isIncluded(selection))
        .flatMap((selection): readonly FieldNode[] => {
          if (selection.kind === Kind.FIELD) return [selection]
          if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error('Write it out first.')
          const type = this.#schema.getType(selection.typeCondition?.name.value ?? object.name)
          const applies = type !== undefined && this.objectsOf(type).includes(object)
          return applies ? this.collect(object, [selection.selectionSet]) : []
        }),
    )
  }

  #isIncluded(selection: SelectionNode): boolean {
    return (selection.directives ?? []).every((directive) => {
      const { value } = directive.name
      if (value !== 'skip' && value !== 'include') return true
      const condition = directive.arguments?.[0]?.value
      const isOn = condition !== undefined && this.#resolve(condition) === true
      return value === 'skip' ? !isOn : isOn
    })
  }

  /** Undefined where it is left out, or a variable without a value. */
  #given(argument: GraphQLArgument, node: Pick<FieldNode, 'arguments'> | undefined): unknown {
    const value = node?.arguments?.find(({ name }) => name.value === argument.name)?.value
    return value === undefined ? undefined : this.#resolve(value)
  }

  #default({ astNode }: GraphQLArgument | GraphQLInputField): unknown {
    return astNode?.defaultValue === undefined ? undefined : this.#resolve(astNode.defaultValue)
  }

  #resolve(node: ValueNode): unknown {
    if (node.kind === Kind.LIST) return node.values.map((item) => this.#resolve(item) ?? null)
    if (node.kind === Kind.OBJECT) {
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, this.#resolve(field.value)]),
      )
    }
    if (node.kind !== Kind.VARIABLE) return valueFromASTUntyped(node)
    const supplied = this.#variables[node.name.value]
    if (supplied !== undefined) return supplied
    const definition = this.#operation.variableDefinitions?.find(
      ({ variable }) => variable.name.value === node.name.value,
    )
    return definition?.defaultValue && this.#resolve(definition.defaultValue)
  }

  #inputCost(input: GraphQLArgument | GraphQLInputField, given: unknown): number {
    const value = given === undefined ? this.#default(input) : given
    if (value === undefined) return 0
    const own = weightOf(input.astNode) ?? (isLeafType(getNamedType(input.type)) ? 0 : 1)
    return own + this.#inside(input.type, value)
  }

  #inside(type: GraphQLInputType, value: unknown): number {
    const named = getNamedType(type)
    if (value === null || !isInputObjectType(named)) return 0
    if (Array.isArray(value)) return sum(value.map((item: unknown) => this.#inside(type, item)))
    const members = new Map(Object.entries(Object(value)))
    return sum(
      Object.values(named.getFields()).map((field) =>
        this.#inputCost(field, members.get(field.name)),
      ),
    )
  }
}

interface Definition {
  readonly directives?: readonly ConstDirectiveNode[] | undefined
}

function directiveOf(node: Definition | null | undefined, name: string) {
  return node?.directives?.find((directive) => directive.name.value === name)
}

function valuesOf(directive: ConstDirectiveNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  )
}

function weightOf(node: Definition | null | undefined): number | null {
  const directive = directiveOf(node, 'cost')
  return directive === undefined ? null : Number(valuesOf(directive)['weight'])
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type)
}

function list(value: unknown): readonly string[] {
  return value === undefined ? [] : [value].flat().map(String)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
