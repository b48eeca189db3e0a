import { parse, validate } from 'graphql'
import { ApiError, type Problem } from '../../src/errors.ts'
import type { Principal } from '../../src/auth/principal.ts'
import { compileOperation } from '../../src/schema/plan/operation.ts'
import type { Plan } from '../../src/schema/plan/plan.ts'
import { schema } from '../../src/schema/schema.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { createVault, type Vault } from '../../src/vault/vault.ts'
import { insertPeople } from './planned-data.ts'
import { coercedFor } from './planned-request.ts'
import { RATE_LIMIT } from './rate-limit.ts'
import { testDatabase, type TestDatabase } from './test-database.ts'

export interface PlannedCommunity {
  readonly database: TestDatabase
  readonly vault: Vault
  /**
   * What a valid operation answers to a principal.
   * @throws {ApiError} when it is refused
   */
  readonly ask: (
    principal: Principal,
    text: string,
    given?: Readonly<Record<string, unknown>>,
  ) => Promise<PlannedAnswer>
}

export interface PlannedAnswer {
  /** JSON text. */
  readonly data: string
  readonly plan: Plan
  /** Label -> what the statement counted for it. */
  readonly counted: Readonly<Record<string, number>>
}

/** The people of planned-data in a database of their own, to be asked through the planner. */
export async function plannedCommunity(): Promise<PlannedCommunity> {
  const vault = createVault(createKeyRing())
  const database = await testDatabase()
  await insertPeople(database, vault)
  return {
    database,
    vault,
    async ask(principal, text, given = {}) {
      const document = parse(text)
      const errors = validate(schema, document)
      if (errors.length > 0) throw new AggregateError(errors, text)
      const variables = coercedFor(document, given)
      const plan = compileOperation(schema, document).plan(principal.standing, variables)
      const { data, counts } = await plan.run({
        principal,
        variables,
        database,
        vault,
        rateLimit: RATE_LIMIT,
      })
      const counted = Object.fromEntries(
        plan.counted.map((label, i) => [label, counts[i] ?? Number.NaN]),
      )
      return { data, plan, counted }
    },
  }
}

/** What a refusal says of each problem, without its prose. */
export function problemsOf(error: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!(error instanceof ApiError)) throw error
  const { problems } = error.extensions
  // Written by apiError alone, whose details have this very type.
  return ((problems ?? []) as readonly Problem[]).map((problem) =>
    Object.fromEntries(Object.entries(problem).filter(([name]) => name !== 'message')),
  )
}

/** The problems for which this is refused; none where it is answered. */
export async function refusalOf(answer: Promise<unknown>): Promise<ReturnType<typeof problemsOf>> {
  try {
    await answer
    return []
  } catch (error) {
    return problemsOf(error)
  }
}
