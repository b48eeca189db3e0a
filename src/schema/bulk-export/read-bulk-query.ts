import {
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
  validate,
} from 'graphql'
import { SETS_PER_PAGE } from '../../community/bulk-export/bulk-reader.ts'
import { compileOperation as compilePrice } from '../../cost/compile-operation.ts'
import { CostError } from '../../cost/cost-error.ts'
import { compileCost, type SchemaCost } from '../../cost/schema-cost.ts'

/** What a query for an export may hold. */
export const BULK_QUERY_LIMITS = {
  characters: 4_000,
  tokens: 500,
  /** Points of the price list that one set costs at most, with all that it names. */
  pointsPerSet: 10,
} as const

/** The lists that an export reads, and whether they are of all accounts. */
export const BULK_LISTS = { measurementSets: false, allMeasurementSets: true } as const

export type BulkList = keyof typeof BULK_LISTS

/** A query that an export can run page by page. */
export interface AcceptedQuery {
  readonly list: BulkList
  /** Answers the list's `nodes` and `pageInfo`, behind the cursor in the variable `after`. */
  readonly page: DocumentNode
  /** Answers the list's `totalCount`. */
  readonly count: DocumentNode
}

export type ReadQuery =
  | ({ readonly kind: 'accepted' } & AcceptedQuery)
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }

/** What becomes of the text of a query: a document for its pages, or all reasons why it is none for an export. */
export function readBulkQuery(schema: GraphQLSchema, text: string): ReadQuery {
  const { characters, tokens } = BULK_QUERY_LIMITS
  if (text.length > characters) {
    return refused(`The query has ${text.length} characters; accepted are at most ${characters}.`)
  }
  let document: DocumentNode
  try {
    document = parse(text, { maxTokens: tokens, noLocation: true })
  } catch (error) {
    if (error instanceof GraphQLError) return refused(error.message)
    throw error
  }
  const shape = shapeOf(document)
  if (shape.kind === 'refused') return shape
  const errors = validate(schema, document, [...specifiedRules, noAliases], {
    maxErrors: REASONS_MAX,
    hideSuggestions: true,
  })
  if (errors.length > 0) return refused(...errors.map(({ message }) => message))
  const points = pointsPerSet(schema, pagesOf(shape, 1))
  if (points > BULK_QUERY_LIMITS.pointsPerSet) {
    return refused(
      `A set costs ${points} points with all that is asked of it; accepted are at most ${BULK_QUERY_LIMITS.pointsPerSet}. Ask for shorter lists within it, or for fewer.`,
    )
  }
  return {
    kind: 'accepted',
    list: shape.list,
    page: pagesOf(shape, setsPerPage(points)),
    count: countOf(shape),
  }
}

/** The more a set may bring along, the fewer of them are in memory at once. */
function setsPerPage(points: number): number {
  return Math.floor(SETS_PER_PAGE / Math.max(1, points))
}

const REASONS_MAX = 10

/** Without aliases a line says nothing twice: it is no longer than what there is of a set. */
function noAliases(context: ValidationContext): ASTVisitor {
  return {
    Field({ alias }) {
      if (alias === undefined) return
      context.reportError(
        new GraphQLError(`${alias.value} is an alias: fields of an export have their own names.`),
      )
    },
  }
}

function refused(...reasons: readonly string[]): ReadQuery & { readonly kind: 'refused' } {
  return { kind: 'refused', reasons }
}

interface Shape {
  readonly kind: 'shape'
  readonly list: BulkList
  readonly operation: OperationDefinitionNode
  readonly field: FieldNode
  readonly nodes: FieldNode
}

/** Whether it is one list and its nodes: nothing else could be told line by line. */
function shapeOf({ definitions }: DocumentNode): Shape | (ReadQuery & { kind: 'refused' }) {
  const [operation, ...more] = definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION || more.length > 0) {
    return refused('The text holds one query and nothing else: no further operation, no fragment.')
  }
  const reasons: string[] = []
  if (operation.operation !== 'query') reasons.push(`A ${operation.operation} is no query.`)
  if ((operation.variableDefinitions ?? []).length > 0) {
    reasons.push('The query has variables: write their values into it.')
  }
  if ((operation.directives ?? []).length > 0) reasons.push('The query has directives.')
  const field = onlyField(operation.selectionSet)
  const list = field?.name.value
  if (field === null || !isBulkList(list)) {
    const lists = Object.keys(BULK_LISTS).join(' or ')
    reasons.push(`The query asks for one field, under its own name: ${lists}.`)
    return refused(...reasons)
  }
  const own = field.arguments?.filter(({ name }) => OWN_ARGUMENTS.has(name.value)) ?? []
  if (own.length > 0) {
    const names = own.map(({ name }) => name.value).join(', ')
    reasons.push(`${list} is given ${names}: the export reads the whole list, earliest made first.`)
  }
  const nodes = onlyField(field.selectionSet)
  if (nodes?.name.value !== 'nodes') reasons.push(`${list} is asked for nodes alone.`)
  if (nodes === null || reasons.length > 0) return refused(...reasons)
  return { kind: 'shape', list, operation, field, nodes }
}

/** Arguments that the export has to itself: a list in the order of changes would change while it is read. */
const OWN_ARGUMENTS = new Set(['first', 'last', 'after', 'before', 'orderBy'])

/** The one field of a selection, under its own name and without directives; null for any other selection. */
function onlyField(set: SelectionSetNode | undefined): FieldNode | null {
  const [selection, ...more] = set?.selections ?? []
  if (selection?.kind !== Kind.FIELD || more.length > 0 || selection.alias !== undefined)
    return null
  return (selection.directives ?? []).length === 0 ? selection : null
}

function isBulkList(name: string | undefined): name is BulkList {
  return name !== undefined && Object.hasOwn(BULK_LISTS, name)
}

/** Read from text: the tree of a constant document. */
const PAGE = 'query ($after: String) { list(after: $after) { pageInfo { hasNextPage endCursor } } }'

function pagesOf(shape: Shape, size: number): DocumentNode {
  const [template] = operationsOf(PAGE)
  const [list] = fieldsOf(template?.selectionSet)
  return rebuilt(shape, {
    variableDefinitions: template?.variableDefinitions ?? [],
    arguments: [
      ...(list?.arguments ?? []),
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'first' },
        value: { kind: Kind.INT, value: String(size) },
      },
    ],
    selections: [shape.nodes, ...(list?.selectionSet?.selections ?? [])],
  })
}

function countOf(shape: Shape): DocumentNode {
  const [template] = operationsOf('{ totalCount }')
  return rebuilt(shape, {
    variableDefinitions: [],
    arguments: [],
    selections: template?.selectionSet.selections ?? [],
  })
}

function rebuilt(
  { operation, field }: Shape,
  own: Pick<FieldNode, 'arguments'> &
    Pick<OperationDefinitionNode, 'variableDefinitions'> & {
      readonly selections: readonly SelectionNode[]
    },
): DocumentNode {
  const list: FieldNode = {
    ...field,
    arguments: [...(field.arguments ?? []), ...(own.arguments ?? [])],
    selectionSet: { kind: Kind.SELECTION_SET, selections: own.selections },
  }
  const rebuiltOperation: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: own.variableDefinitions ?? [],
    selectionSet: { kind: Kind.SELECTION_SET, selections: [list] },
  }
  return { kind: Kind.DOCUMENT, definitions: [rebuiltOperation] }
}

function operationsOf(text: string): readonly OperationDefinitionNode[] {
  return parse(text, { noLocation: true }).definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  )
}

function fieldsOf(set: SelectionSetNode | undefined): readonly FieldNode[] {
  return (set?.selections ?? []).filter((selection) => selection.kind === Kind.FIELD)
}

/** What one set more makes a page dearer by. */
function pointsPerSet(schema: GraphQLSchema, ofOne: DocumentNode): number {
  try {
    const { typeCost, fieldCost } = compilePrice(pricesOf(schema), ofOne).estimate({})
    return typeCost + fieldCost - EMPTY_PAGE_POINTS
  } catch (error) {
    if (error instanceof CostError) return Infinity
    throw error
  }
}

/** The operation and its connection. */
const EMPTY_PAGE_POINTS = 6

function pricesOf(schema: GraphQLSchema): SchemaCost {
  const known = prices.get(schema)
  if (known !== undefined) return known
  const compiled = compileCost(schema)
  prices.set(schema, compiled)
  return compiled
}

const prices = new WeakMap<GraphQLSchema, SchemaCost>()
