import type { CostProgram } from '../cost/compile-operation.ts'
import { type ApiError, apiError, type ErrorCode } from '../errors.ts'
import type { BudgetLevel, QuotaRefusal } from '../quota/quota.ts'
import type { Variables } from '../schema/plan/shape.ts'

/** An operation that is too dear, and what helps its client to make it cheaper. */
export interface Dear {
  readonly estimated: number
  readonly program: CostProgram
  readonly variables: Variables
  /** Whom a client may ask for more; null where nobody said. */
  readonly contact: string | null
}

/** The refusal of an operation that costs more than one operation ever may. */
export function aboveCeiling(dear: Dear, ceiling: number): ApiError {
  return apiError('COST_LIMIT_EXCEEDED', {
    message: `The operation can cost ${dear.estimated} points; one operation may cost ${ceiling}.`,
    extensions: { ...adviceFor(dear, ceiling), limit: ceiling, retryAfterSeconds: null },
  })
}

/** The refusal of an operation that a budget does not pay now; `now` by the gateway's clock. */
export function unpaid(dear: Dear, refusal: QuotaRefusal, now: Date): ApiError {
  const { partition, waitMs, levels } = refusal
  const level = levels.find((each) => each.partition === partition)
  const capacity = level?.budget.capacity ?? 0
  if (dear.estimated > capacity) return aboveCeiling(dear, capacity)
  const remaining = Math.floor(level?.remaining ?? 0)
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000))
  const code = codeOf(level)
  const wait = code === 'QUOTA_EXCEEDED' ? 'It is full again' : 'There is enough'
  return apiError(code, {
    message: `The operation can cost ${dear.estimated} points; the budget ${partition} holds ${remaining} of ${capacity}. ${wait} in ${retryAfterSeconds} s.`,
    extensions: {
      ...adviceFor(dear, remaining),
      partition,
      limit: capacity,
      remaining,
      retryAfterSeconds,
      ...(code === 'QUOTA_EXCEEDED' && {
        resetAt: new Date(now.getTime() + waitMs).toISOString(),
        ...(dear.contact === null ? {} : { contact: dear.contact }),
      }),
    },
  })
}

/** The refusal of one operation too many at the same time. */
export function tooManyAtOnce(estimated: number, limit: number): ApiError {
  return apiError('CONCURRENCY_LIMITED', {
    message: `${limit} operations of this client are running; wait until one of them has ended.`,
    extensions: { estimated, limit, retryAfterSeconds: 1 },
  })
}

/** The refusal of a client whose attempts are used up. */
export function noAttemptsLeft(waitMs: number, limit: number): ApiError {
  return apiError('RATE_LIMITED', {
    message:
      'Too many requests of this client were refused or new. Wait, then send what was accepted before.',
    extensions: {
      partition: 'attempts',
      estimated: null,
      limit,
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    },
  })
}

/** What comes back at the end of a day or month is a quota; what comes back by itself is a rate. */
function codeOf(level: BudgetLevel | undefined): ErrorCode {
  return level?.budget.kind === 'window' ? 'QUOTA_EXCEEDED' : 'RATE_LIMITED'
}

const DEAREST = 3

function adviceFor({ program, variables, estimated }: Dear, affordable: number): object {
  return {
    estimated,
    dearest: program.explain(variables, DEAREST),
    largestPage: program.largestPage(variables, affordable),
  }
}
