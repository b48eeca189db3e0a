import fc from 'fast-check'
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql'

import { compileOperation, type CostProgram } from '../../src/cost/compile-operation.ts'
import { compileCost, type SchemaCost } from '../../src/cost/schema-cost.ts'
import { Choices } from './choices.ts'
import { randomPricedOperation } from './random-priced-operation.ts'
import { type PricedSchemaOptions, randomPricedSchema } from './random-priced-schema.ts'

/** A random operation over a random schema. */
export interface PricedCase {
  readonly schema: GraphQLSchema
  readonly defaultListSize: number
  readonly text: string
  readonly document: DocumentNode
  readonly variables: Readonly<Record<string, unknown>>
  /** Prices another document over the same schema. */
  readonly compile: (document: DocumentNode) => CostProgram
}

/** A schema is made once: operations are many. */
const SCHEMAS = 40
const schemas = new Map<string, GraphQLSchema>()
const costs = new WeakMap<GraphQLSchema, Map<number, SchemaCost>>()

export function pricedCases(
  options: PricedSchemaOptions,
  defaultListSizes: readonly number[],
): fc.Arbitrary<PricedCase> {
  return fc
    .tuple(
      fc.nat(SCHEMAS - 1),
      fc.constantFrom(...defaultListSizes),
      fc.array(fc.nat(999), { maxLength: 250, size: 'max' }),
    )
    .map(([seed, defaultListSize, numbers]) => {
      const schema = schemaOf(options, seed)
      const cost = costOf(schema, defaultListSize)
      const operation = randomPricedOperation(schema, Choices.listed(numbers))
      const document = parse(operation.text)
      const compile = (other: DocumentNode) => compileOperation(cost, other)
      return { ...operation, schema, defaultListSize, document, compile }
    })
}

function schemaOf(options: PricedSchemaOptions, seed: number): GraphQLSchema {
  const key = `${seed} ${JSON.stringify(options)}`
  const schema = schemas.get(key) ?? randomPricedSchema(Choices.seeded(seed), options)
  schemas.set(key, schema)
  return schema
}

function costOf(schema: GraphQLSchema, defaultListSize: number): SchemaCost {
  const known = costs.get(schema) ?? new Map<number, SchemaCost>()
  costs.set(schema, known)
  const cost = known.get(defaultListSize) ?? compileCost(schema, { defaultListSize })
  known.set(defaultListSize, cost)
  return cost
}
