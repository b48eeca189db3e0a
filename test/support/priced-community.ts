import { parse } from 'graphql'

import type { Principal } from '../../src/auth/principal.ts'
import { compileOperation as compilePrice } from '../../src/cost/compile-operation.ts'
import { compileCost } from '../../src/cost/schema-cost.ts'
import { priceOperation } from '../../src/gateway/price-operation.ts'
import { compileOperation } from '../../src/schema/plan/operation.ts'
import type { Plan, PlanAnswer } from '../../src/schema/plan/plan.ts'
import type { Variables } from '../../src/schema/plan/shape.ts'
import { schema } from '../../src/schema/schema.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { createVault, type Vault } from '../../src/vault/vault.ts'
import { DATA_SHAPE_NAMES, type DataShapeName, idOf, insertShape } from './data-shapes.ts'
import { coercedFor } from './planned-request.ts'
import type { RandomOperation } from './random-operation.ts'
import { RATE_LIMIT } from './rate-limit.ts'
import { type Cursors, readCursors } from './read-cursors.ts'
import { testDatabase, type TestDatabase } from './test-database.ts'

/** Points that an operation can cost, and what it did cost over each shape of data. */
export interface Paid {
  readonly estimated: number
  readonly actual: Readonly<Record<DataShapeName, number>>
}

export interface PricedCommunity {
  /**
   * Prices a valid operation and runs it over every shape of data, for a reader to whom nothing is hidden.
   * @throws {ApiError} where it is refused
   */
  readonly pay: (operation: RandomOperation) => Promise<Paid>
  /** Those of the full lists. */
  readonly cursors: Cursors
}

/** A database for each shape of data, with the same ids in all of them. */
export async function pricedCommunity(): Promise<PricedCommunity> {
  const vault = createVault(createKeyRing())
  const prices = compileCost(schema)
  const databases = await Promise.all(DATA_SHAPE_NAMES.map((name) => filled(name, vault)))

  function run(plan: Plan, variables: Variables, shape: DataShapeName): Promise<PlanAnswer> {
    const database = databases[DATA_SHAPE_NAMES.indexOf(shape)]
    if (database === undefined) throw new Error(`There is no database for ${shape}.`)
    return plan.run({ principal: READER, variables, database, vault, rateLimit: RATE_LIMIT })
  }

  return {
    async pay({ text, variables: given }) {
      const document = parse(text)
      const variables = coercedFor(document, given)
      const operation = compileOperation(schema, document)
      const price = compilePrice(prices, document, null, { introspection: 'free' })
      const plan = operation.plan(READER.standing, variables)
      const { estimated, actual } = priceOperation({ operation, price }, plan, variables)
      const answers = await Promise.all(DATA_SHAPE_NAMES.map((name) => run(plan, variables, name)))
      const [empty = 0, skewed = 0, full = 0] = answers.map(({ counts }) => actual(counts))
      return { estimated, actual: { empty, skewed, full } }
    },
    cursors: await readCursors(async (text) => {
      const plan = compileOperation(schema, parse(text)).plan(READER.standing, {})
      return (await run(plan, {}, 'full')).data
    }),
  }
}

async function filled(shape: DataShapeName, vault: Vault): Promise<TestDatabase> {
  // What is to be shown is not how fast the machine is: the limits of background work.
  const database = await testDatabase({ applicationName: 'maat-background', max: 1 })
  await insertShape(database, vault, shape)
  await database.pool.query('analyze')
  return database
}

const READER: Principal = {
  accountId: idOf('account', 0),
  keyId: null,
  sessionId: idOf('session', 0),
  budget: { accountCreatedAtMs: 0, limits: [] },
  interventions: [],
  standing: { kind: 'session', level: 8, role: 'admin', status: 'active', consent: 'measurements' },
}
