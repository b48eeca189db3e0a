import {
  buildSchema,
  execute,
  getOperationAST,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql'

import { apiError } from '../../src/errors.ts'
import type { Operation } from '../../src/schema/plan/operation.ts'
import { rootFieldsOf } from '../../src/schema/plan/root-fields.ts'

/** A schema for the rules that hold for any: with a mutation, and with fields that fail. */
const smallSchema = buildSchema(`
  enum Unit { MM INCH }
  type Account { username: String!, friend: Account, unit(unit: Unit): Unit }
  type Query {
    me: Account
    echo(text: String, unit: Unit): String
    "Fails as a defect does."
    defect: String
    "Refuses as an unreachable database does."
    outage: String
    "Is larger than an answer may be."
    large: String
  }
  type Mutation { rename(name: String!): String! }
`)

function compileSmall(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName?: string | null,
): Operation {
  const node = getOperationAST(document, operationName)
  if (node == null) throw apiError('OPERATION_UNKNOWN')
  return {
    kind: node.operation,
    rootFields: rootFieldsOf(node, {}),
    keptBytes: 0,
    made: 0,
    plan: () => ({
      statement: null,
      fixedCharacters: 0,
      counted: [],
      introspectionObjects: null,
      problems: () => [],
      async run({ variables, progress }) {
        if (progress !== undefined) Object.assign(progress, { stage: 'finished', counts: [] })
        const { data, errors } = await execute({
          schema,
          document,
          operationName,
          variableValues: variables,
          rootValue: ROOT,
        })
        const [error] = errors ?? []
        if (error !== undefined) throw error.originalError ?? error
        return { data: JSON.stringify(data), counts: [] }
      },
    }),
  }
}

/** For testGateway: the small schema, executed by graphql-js. */
export const SMALL = { schema: smallSchema, compileOperation: compileSmall }

const ACCOUNT = {
  username: 'demo',
  friend: () => ACCOUNT,
  unit: ({ unit }: { readonly unit?: string }) => unit,
}

const ROOT = {
  me: ACCOUNT,
  echo: ({ text }: { readonly text?: string }) => text,
  rename: ({ name }: { readonly name: string }) => name,
  large: () => 'x'.repeat(9_000_000),
  defect() {
    throw new TypeError('canary of a defect')
  },
  outage() {
    throw apiError('UNAVAILABLE', { cause: new Error('canary of an outage') })
  },
}
