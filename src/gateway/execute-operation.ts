import { hash } from 'node:crypto'

import { watchReads } from '../auth/account/watched-reads.ts'
import { type ActContext, type AskedAct, UNKNOWN_CALLER } from '../auth/act.ts'
import { apiError } from '../errors.ts'
import type { QuotaRefusal } from '../quota/quota.ts'
import type { PlanRequest } from '../schema/plan/plan.ts'
import { appraise } from './appraise.ts'
import { type AskedOperation, dearOf, type ExecuteOptions, planAsked } from './asked-operation.ts'
import { aboveCeiling, tooManyAtOnce, unpaid } from './budget-refusals.ts'
import { refuseFor } from './demand-control.ts'
import { ANSWER_CHARACTERS_MAX, REPORTED_FIELDS_MAX } from './limits.ts'
import { noteDocument } from './note-document.ts'
import { type Price, priceOperation } from './price-operation.ts'
import { rateLimitValues } from './rate-limit-values.ts'
import { type PricedOperation, runPriced } from './run-priced.ts'

/**
 * The JSON text of the operation's data: access, then price, then budgets, then its one statement. `null` where only its
 * price was asked for.
 * @throws {ApiError} for the first of them that refuses it; nothing has run then
 * @throws the reason of its signal, once that has aborted
 */
export async function executeOperation(
  options: ExecuteOptions,
  asked: AskedOperation,
): Promise<string> {
  const { demand, database, vault, acts } = options
  const { compiled, variables, context } = asked
  const { principal, claims, receipt, signal, costMode } = context
  signal?.throwIfAborted()
  if (costMode === 'validate') return appraise(options, asked)
  const plan = planAsked(options, asked)
  const price = priceOperation(compiled, plan, variables)
  const { estimated } = price
  receipt.estimated = estimated
  if (estimated > claims.ceiling) {
    refuseFor(demand, receipt, aboveCeiling(dearOf(demand, asked, estimated), claims.ceiling))
  }
  noteDocument(options, asked)
  let isKnown = false
  const priced = pricedOperation(options, asked, {
    ...price,
    actual: (counts) => (isKnown ? Math.min(1, estimated) : price.actual(counts)),
  })
  const watched = watchReads(acts, principal)
  const { data, counts } = await runPriced(demand, priced, async (progress) => {
    // Once it runs, a mutation runs to its end.
    signal?.throwIfAborted()
    const request: PlanRequest = {
      principal,
      variables,
      database,
      vault: watched?.vault ?? vault,
      signal,
      progress,
      contextOf: (act) => actContext(options, context, act),
      // Made only where the operation asks for it.
      get rateLimit() {
        return rateLimitValues(estimated, receipt.levels(), demand.clock())
      },
    }
    const answer = await plan.run(request)
    await watched?.note()
    isKnown = context.isKnown?.(answer.data) ?? false
    receipt.isHeld = isKnown
    return answer
  })
  if (data.length > ANSWER_CHARACTERS_MAX) throw apiError('ANSWER_TOO_LARGE')
  if (costMode === 'report') {
    const run = { counted: plan.counted, counts, variables }
    receipt.fields = compiled.price.explainActual(run, REPORTED_FIELDS_MAX)
  }
  return data
}

function actContext(
  { acts }: ExecuteOptions,
  { principal, caller = UNKNOWN_CALLER, receipt }: AskedOperation['context'],
  act: AskedAct,
): ActContext {
  return {
    ...acts,
    principal,
    caller,
    ...act,
    setCookies(cookies) {
      receipt.cookies = cookies
    },
  }
}

function pricedOperation(
  options: ExecuteOptions,
  asked: AskedOperation,
  price: Price,
): PricedOperation {
  const { demand } = options
  const { context } = asked
  const { claims, receipt } = context
  const { estimated } = price
  return {
    claims,
    estimated,
    receipt,
    signal: context.signal,
    actual: (counts) => {
      const actual = price.actual(counts)
      if (actual > estimated) reportViolation(options, asked, { estimated, actual })
      return actual
    },
    refuse: (refusal: QuotaRefusal | 'in-flight') =>
      refuseFor(
        demand,
        receipt,
        refusal === 'in-flight'
          ? tooManyAtOnce(estimated, claims.inFlight.limit)
          : unpaid(dearOf(demand, asked, estimated), refusal, demand.clock()),
      ),
  }
}

/** A defect of the price or of the counts: the client pays no more than it was told. */
function reportViolation(
  { demand, log }: ExecuteOptions,
  { context }: AskedOperation,
  points: { readonly estimated: number; readonly actual: number },
): void {
  demand.violations.count += 1
  const document = hash('sha256', context.parameters.query)
  log.error({ ...points, document, requestId: context.requestId }, 'A price was too low.')
}
