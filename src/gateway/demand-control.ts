import { noticeOf } from '../auth/interventions.ts'
import type { Principal } from '../auth/principal.ts'
import type { Clock } from '../clock.ts'
import type { ApiError } from '../errors.ts'
import type { Attempts } from '../quota/attempts.ts'
import { type Claimant, type Claims, claimsOf, CONTROL_FIELDS } from '../quota/claims.ts'
import type { Meter } from '../metering/meter.ts'
import type { Metrics } from '../metering/metrics.ts'
import type { InFlight } from '../quota/in-flight.ts'
import type { Policies } from '../quota/policies.ts'
import type { BudgetLevel, Quota } from '../quota/quota.ts'
import { type Answer, isRefusal } from './answer.ts'
import { noAttemptsLeft } from './budget-refusals.ts'
import { CHARACTERS_PER_ATTEMPT } from './limits.ts'
import { createReceipt, type Receipt } from './receipt.ts'

/** What limits how much a client may ask for. */
export interface DemandControl {
  readonly quota: Quota
  readonly inFlight: InFlight
  readonly attempts: Attempts
  readonly meter: Pick<Meter, 'hasRoom' | 'record' | 'tally' | 'note'>
  readonly metrics: Pick<Metrics, 'observe'>
  /** Those that hold now. */
  readonly policies: () => Policies
  /** Whether budgets refuse, or only say what they would have refused. */
  readonly mode: 'enforce' | 'measure'
  readonly clock: Clock
  /** Operations that cost more than their estimate said: a defect each. */
  readonly violations: { count: number }
  /** Whom a client may ask for more; null where nobody said. */
  readonly contact: string | null
}

/** The budgets of this client. */
export function budgetsOf({ policies, clock }: DemandControl, client: Claimant): Claims {
  return claimsOf(client, policies(), clock())
}

/** The receipt of a request of this client, before there is a price. */
export function openReceipt(
  demand: DemandControl,
  claims: Claims,
  { interventions }: Pick<Principal, 'interventions'>,
): Receipt {
  const receipt = createReceipt(() => knownLevels(demand, claims))
  receipt.notice = noticeOf(interventions, demand.clock().getTime())
  const isSpared = demand.mode === 'measure' && demand.attempts.waitMs(claims.attempts) > 0
  if (isSpared) receipt.wouldRefuse = 'RATE_LIMITED'
  return receipt
}

/**
 * A client whose attempts are used up is refused before anything of its request is read.
 * @throws {ApiError} RATE_LIMITED, with the wait
 */
export function assertAttemptsLeft(demand: DemandControl, { attempts }: Claims): void {
  const waitMs = demand.attempts.waitMs(attempts)
  if (waitMs === 0 || demand.mode === 'measure') return
  const { capacity, restorePerSecond } = attempts.budget
  // The refusal draws one more: whoever waits for as long as it says is served.
  throw noAttemptsLeft(waitMs + 1000 / restorePerSecond, capacity)
}

/**
 * Asks again once the text of a request is here: others of the same client may have come meanwhile. Then draws for what it
 * takes to read it, whatever it turns out to be.
 * @throws {ApiError} RATE_LIMITED, with the wait
 */
export function admitText(demand: DemandControl, claims: Claims, characters: number): void {
  assertAttemptsLeft(demand, claims)
  const amount = characters / CHARACTERS_PER_ATTEMPT - 1
  if (amount > 0) demand.attempts.take(claims.attempts, amount)
}

/**
 * Draws one attempt for a request that ended with a refusal before anything was paid for, unless that was our fault or the
 * control budget's.
 */
export function drawAttempts(
  { attempts }: Pick<DemandControl, 'attempts'>,
  claims: Pick<Claims, 'attempts' | 'isSignedIn'>,
  { receipt, answer }: { readonly receipt: Receipt; readonly answer: Answer },
): void {
  if (receipt.isPaidFor || (receipt.isControl && claims.isSignedIn)) return
  if (isRefusal(answer) && answer.status < 500) attempts.take(claims.attempts, 1)
}

/** Whether an operation that asks for these root fields is one that the control budget of this client may pay. */
export function isControl(
  { control }: Pick<Claims, 'control'>,
  rootFields: readonly string[],
): boolean {
  if (control === null || rootFields.length === 0) return false
  return rootFields.every((name) => CONTROL_FIELDS.has(name))
}

/** What is known of the client's budgets where nothing was reserved: no refusal asks the store. */
function knownLevels(demand: DemandControl, claims: Claims): readonly BudgetLevel[] {
  const known = demand.quota.known(claims.claims) ?? []
  return [...shown(known), demand.attempts.level(claims.attempts)]
}

/** What a client is shown: its own budgets, and one of everybody's only where that is the one that refuses it. */
export function shown(
  levels: readonly BudgetLevel[],
  refusing: BudgetLevel['partition'] | null = null,
): readonly BudgetLevel[] {
  return levels.filter(
    ({ partition }) => !partition.startsWith('service-') || partition === refusing,
  )
}

/** Refuses on account of a budget; in measure mode it only notes the refusal. */
export function refuseFor({ mode }: DemandControl, receipt: Receipt, refusal: ApiError): void {
  if (mode === 'enforce') throw refusal
  receipt.wouldRefuse ??= refusal.code
}
