import { waitFor } from '../quota/levels-now.ts'
import type { BudgetLevel } from '../quota/quota.ts'
import type { Partition } from '../quota/store.ts'
import { type AskedOperation, dearOf, type ExecuteOptions, planAsked } from './asked-operation.ts'
import { aboveCeiling, unpaid } from './budget-refusals.ts'
import { refuseFor, shown } from './demand-control.ts'
import { priceOperation } from './price-operation.ts'

/** What it costs to be told a price. */
const APPRAISAL_POINTS = 1

/**
 * Goes the way of an operation up to where it would be paid for, and notes on the receipt what it can cost and that it
 * would run. Nothing is reserved and nothing runs; the data is null.
 * @throws {ApiError} what would refuse the operation; before the receipt is paid for, what refuses this very question
 */
export async function appraise(options: ExecuteOptions, asked: AskedOperation): Promise<string> {
  const { demand } = options
  const { compiled, variables, context } = asked
  const { claims, receipt } = context
  const levels = await payForAppraisal(options, asked)
  const plan = planAsked(options, asked)
  const { estimated } = priceOperation(compiled, plan, variables)
  receipt.estimated = estimated
  const dear = dearOf(demand, asked, estimated)
  if (estimated > claims.ceiling) refuseFor(demand, receipt, aboveCeiling(dear, claims.ceiling))
  const short = scarcestFor(levels, estimated)
  if (short !== null && !(await isPaidByControl(options, asked, estimated))) {
    const waitMs = waitFor(short, estimated)
    // A reservation's levels bear the names of its claims.
    const partition = short.partition as Partition | 'emergency'
    const refusal = { kind: 'refused', partition, waitMs, levels } as const
    refuseFor(demand, receipt, unpaid(dear, refusal, demand.clock()))
  }
  receipt.verdict = { code: 'RUN' }
  return 'null'
}

/** The budgets after the price of the question was taken. */
async function payForAppraisal(
  { demand }: ExecuteOptions,
  asked: AskedOperation,
): Promise<readonly BudgetLevel[]> {
  const { claims, receipt } = asked.context
  let reserved = await demand.quota.reserve(claims.claims, APPRAISAL_POINTS)
  if (reserved.kind === 'refused' && receipt.isControl && claims.control !== null) {
    reserved = await demand.quota.reserve(claims.control, APPRAISAL_POINTS)
  }
  if (reserved.kind === 'refused') {
    const levels = shown(reserved.levels, reserved.partition)
    receipt.levels = () => levels
    // Of the question, not of the operation: there is nothing to make cheaper.
    const dear = { ...dearOf(demand, asked, APPRAISAL_POINTS), program: null }
    refuseFor(demand, receipt, unpaid(dear, reserved, demand.clock()))
    receipt.isPaidFor = true
    return reserved.levels
  }
  receipt.paid = { by: reserved, points: APPRAISAL_POINTS }
  demand.quota.giveBack(reserved, APPRAISAL_POINTS)
  receipt.levels = () => shown(reserved.levels())
  receipt.isPaidFor = true
  return reserved.levels()
}

/** Whether the control budget would pay the operation where the others do not. */
async function isPaidByControl(
  { demand }: ExecuteOptions,
  { context: { claims, receipt } }: AskedOperation,
  points: number,
): Promise<boolean> {
  if (!receipt.isControl || claims.control === null) return false
  return scarcestFor(await demand.quota.look(claims.control), points) === null
}

/** The budget that takes longest to hold so many points; null where all of them do. */
function scarcestFor(levels: readonly BudgetLevel[], points: number): BudgetLevel | null {
  let scarcest: BudgetLevel | null = null
  for (const level of levels) {
    if (waitFor(level, points) > (scarcest === null ? 0 : waitFor(scarcest, points))) {
      scarcest = level
    }
  }
  return scarcest
}
