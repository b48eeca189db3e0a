import {
  type ASTVisitor,
  type DocumentNode,
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  print,
  visit,
} from 'graphql'
import { apiError } from '../../errors.ts'
import type { CollectContext, Fragments } from './collect-fields.ts'
import { type Introspected, IntrospectionAnswers } from './introspection-answers.ts'

/** Whether a root field asks for the schema itself. */
export function isIntrospection([node]: readonly FieldNode[]): boolean {
  return node?.name.value === '__schema' || node?.name.value === '__type'
}

/**
 * What a root field asks of the schema, answered. The schema alone decides it, and the variables that the field uses; these
 * become part of the plan's shape.
 * @throws {ApiError} ANSWER_TOO_LARGE, and VARIABLE_INVALID where a variable is null in spite of its default
 */
export function introspect(
  context: CollectContext,
  operation: OperationDefinitionNode,
  nodes: readonly FieldNode[],
): Introspected {
  const { document, variables } = questionOf(context, operation, nodes)
  const question = `${print(document)}${JSON.stringify(variables)}`
  const answers = answersOf(context.schema)
  const known = answers.get(question)
  const answer = known === undefined ? execute(context.schema, document, variables) : known
  // What is shorter than its question is as soon made again.
  const isWorthKeeping = answer === null || answer.text.length > question.length
  if (known === undefined && isWorthKeeping) answers.remember(question, answer)
  if (answer === null) throw apiError('ANSWER_TOO_LARGE')
  return answer
}

/** Characters of an answer that the schema alone decides. */
export const INTROSPECTION_CHARACTERS_MAX = 1_000_000

/** Some forty answers of the usual size. */
const KEPT_CHARACTERS_MAX = 4_000_000

const answersBySchema = new WeakMap<GraphQLSchema, IntrospectionAnswers>()

function answersOf(schema: GraphQLSchema): IntrospectionAnswers {
  const known = answersBySchema.get(schema)
  if (known !== undefined) return known
  const answers = new IntrospectionAnswers(KEPT_CHARACTERS_MAX)
  answersBySchema.set(schema, answers)
  return answers
}

interface Question {
  readonly document: DocumentNode
  readonly variables: Readonly<Record<string, unknown>>
}

/** The field alone, as whoever asks the same asks it: without its alias, and without what it does not use. */
function questionOf(
  { fragments, shape }: CollectContext,
  operation: OperationDefinitionNode,
  nodes: readonly FieldNode[],
): Question {
  const used = usedBy(nodes, fragments)
  const definitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    used.variables.has(variable.name.value),
  )
  const names = definitions.map(({ variable }) => variable.name.value)
  const decided = shape.decide((values) =>
    JSON.stringify(names.map((name) => cut(values[name] ?? null))),
  )
  const values: unknown[] = JSON.parse(decided)
  const selections = nodes.map((node) => ({ ...node, alias: undefined }))
  return {
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        {
          kind: Kind.OPERATION_DEFINITION,
          operation: operation.operation,
          variableDefinitions: definitions,
          selectionSet: { kind: Kind.SELECTION_SET, selections },
        },
        ...used.fragments,
      ],
    },
    variables: Object.fromEntries(names.map((name, i) => [name, values[i]])),
  }
}

interface Used {
  /** Names. */
  readonly variables: ReadonlySet<string>
  readonly fragments: readonly FragmentDefinitionNode[]
}

function usedBy(nodes: readonly FieldNode[], all: Fragments): Used {
  const variables = new Set<string>()
  const fragments = new Set<FragmentDefinitionNode>()
  const visitor: ASTVisitor = {
    Variable: ({ name }) => void variables.add(name.value),
    FragmentSpread({ name }) {
      const fragment = all[name.value]
      if (fragment !== undefined) fragments.add(fragment)
    },
  }
  for (const node of nodes) visit(node, visitor)
  // Grows while it is walked.
  for (const fragment of fragments) visit(fragment, visitor)
  return { variables, fragments: [...fragments] }
}

/** null where the answer is too large. */
function execute(
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Question['variables'],
): Introspected | null {
  const { data, errors } = executeSync({ schema, document, variableValues })
  const [error] = errors ?? []
  // The document is valid: only a variable that is null in spite of its default is left to go wrong.
  if (error !== undefined) throw apiError('VARIABLE_INVALID', { message: error.message, at: error })
  const [answer = null] = Object.values(data ?? {})
  const text = JSON.stringify(answer)
  if (text.length > INTROSPECTION_CHARACTERS_MAX) return null
  return { text, objects: countObjects(answer) }
}

/** Validation bounds the depth of a document, and with it how deep this goes. */
function countObjects(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const members: readonly unknown[] = Object.values(value)
  const own = Array.isArray(value) ? 0 : 1
  return members.reduce<number>((sum, member) => sum + countObjects(member), own)
}

/** What counts of a value: a text longer than every name of the schema names nothing, however it goes on. */
function cut(value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, NAME_LENGTH_MAX + 1) : value
}

const NAME_LENGTH_MAX = 100
