import { request as httpRequest } from 'node:http'

import { compileOperation } from '../../src/schema/plan/operation.ts'
import type { Plan, PlanAnswer, PlanRequest } from '../../src/schema/plan/plan.ts'
import { testGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts'
import { insertPeople, PEOPLE } from './planned-data.ts'

/** Runs a plan, and does something before it, after it, or instead of it. */
export type Around = (run: Plan['run'], request: PlanRequest) => Promise<PlanAnswer>

export interface PaidGateway extends TestGateway {
  /** A key of ada, who has three sets. */
  readonly key: string
  /** How plans run from now on. */
  around: Around
  /**
   * Posts a document with the key, and leaves once `when` says so. Resolves as soon as the gateway has noticed and is
   * done with it.
   */
  readonly postAndLeave: (document: string, leave: Leave) => Promise<void>
}

/** When the client goes: before the statement, while it runs, or once it has ended. */
export type Leave = 'before' | 'meanwhile' | 'after'

/** Of what SETS asks for: the query 1, the list 5, and 1 for each of ten sets, of which there are three. */
export const SETS = '{ measurementSets(first: 10) { nodes { name } } }'
export const SETS_ESTIMATED = 1 + 5 + 10
export const SETS_ACTUAL = 1 + 5 + 3

/** A gateway over the people of planned-data, with a hand on how its plans run. */
export async function paidGateway(options: TestGatewayOptions = {}): Promise<PaidGateway> {
  const gateway = await testGateway({ ...options, compileOperation: compileAround })
  await insertPeople(gateway.database, gateway.vault)
  const key = await gateway.issueKey({ accountId: PEOPLE.ada, level: 4 })
  const paid: PaidGateway = { ...gateway, key, around: plainly, postAndLeave }
  return paid

  function compileAround(
    ...args: Parameters<typeof compileOperation>
  ): ReturnType<typeof compileOperation> {
    const operation = compileOperation(...args)
    const plan = (...of: Parameters<typeof operation.plan>): Plan => {
      const made = operation.plan(...of)
      return { ...made, run: (request) => paid.around(made.run, request) }
    }
    return { kind: operation.kind, rootFields: operation.rootFields, keptBytes: 0, made: 0, plan }
  }

  async function postAndLeave(query: string, leave: Leave): Promise<void> {
    const sent = httpRequest(`${gateway.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    })
    sent.on('error', () => {})
    const ended = Promise.withResolvers<void>()
    paid.around = async (run, request) => {
      try {
        return await leaving(leave, () => sent.destroy())(run, request)
      } finally {
        ended.resolve()
      }
    }
    sent.end(JSON.stringify({ query }))
    await ended.promise
    paid.around = plainly
  }
}

const plainly: Around = (run, request) => run(request)

function leaving(leave: Leave, go: () => void): Around {
  return async (run, request) => {
    if (leave === 'before') {
      go()
      await gone(request)
      return run(request)
    }
    if (leave === 'meanwhile') return run({ ...request, progress: tellingWhenSent(request, go) })
    const answer = await run(request)
    go()
    await gone(request)
    return answer
  }
}

/** Resolves once the gateway has heard that the client is gone. */
function gone({ signal }: PlanRequest): Promise<void> {
  return new Promise((resolve) => {
    if (signal === undefined || signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** The progress of the request, which calls back when the statement is on its way. */
function tellingWhenSent({ progress }: PlanRequest, onSent: () => void): PlanRequest['progress'] {
  if (progress === undefined) throw new Error('Nobody notes how far the plan comes.')
  return {
    get stage() {
      return progress.stage
    },
    set stage(stage) {
      progress.stage = stage
      if (stage === 'sent') onSent()
    },
    get counts() {
      return progress.counts
    },
    set counts(counts) {
      progress.counts = counts
    },
    get databaseUs() {
      return progress.databaseUs
    },
    set databaseUs(us) {
      progress.databaseUs = us
    },
  }
}
