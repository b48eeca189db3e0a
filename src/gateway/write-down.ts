import type { Principal } from '../auth/principal.ts'
import type { Answer } from './answer.ts'
import type { DemandControl } from './demand-control.ts'
import type { Receipt } from './receipt.ts'

export interface Answered {
  readonly principal: Principal
  readonly requestId: string
  readonly receipt: Receipt
  readonly answer: Answer
  /** By the clock that never jumps, when it began. */
  readonly startedMs: number
}

/**
 * Writes an answered operation down, and settles what paid for it after that: whatever the budgets' store hears of is in the
 * ledger.
 */
export function writeDown(
  { meter, metrics, quota, clock }: DemandControl,
  answered: Answered,
): void {
  const { principal, requestId, receipt, answer, startedMs } = answered
  const { estimated, actual, paid, operation } = receipt
  const record = {
    atMs: clock().getTime(),
    requestId,
    lease: paid?.by.lease ?? null,
    accountId: principal.accountId,
    keyId: principal.keyId,
    operation: operation?.name ?? '',
    document: operation?.document ?? null,
    estimated,
    points: paid?.points ?? actual,
    rows: receipt.rows,
    databaseUs: receipt.databaseUs,
    bytes: receipt.isHeld ? 0 : Buffer.byteLength(answer.body),
    durationUs: Math.round((performance.now() - startedMs) * 1000),
    outcome: answer.code ?? 'OK',
    operations: 1,
  }
  // Whoever has no credentials, or no attempts left, can bring these about in any number.
  const isCheap = estimated === null && (principal.accountId === null || isExhausted(answered))
  if (isCheap) meter.tally(record)
  else meter.record(record)
  if (paid !== null) quota.settle(paid.by, paid.points)
  metrics.observe(record, answer.code ?? null)
}

/** Refused before anything of it was read, for lack of attempts. */
function isExhausted({ answer, receipt }: Answered): boolean {
  return answer.code === 'RATE_LIMITED' && receipt.operation === null
}
