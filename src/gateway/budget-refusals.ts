import type { CostProgram } from '../cost/compile-operation.ts'
import { type ApiError, apiError } from '../errors.ts'
import type { QuotaRefusal } from '../quota/quota.ts'
import type { Variables } from '../schema/plan/shape.ts'
import { resetTime } from './reset-time.ts'

/** An operation that is too dear, and what helps its client to make it cheaper. */
export interface Dear {
  readonly estimated: number
  /** null where nothing can be made cheaper. */
  readonly program: CostProgram | null
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
  if (level === undefined || dear.estimated > capacity) return aboveCeiling(dear, capacity)
  const remaining = Math.floor(level.remaining)
  // Another budget may hold less, and fill sooner.
  const affordable = Math.floor(Math.min(...levels.map((each) => each.remaining)))
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000))
  const isWindow = level.budget.kind === 'window'
  const wait = isWindow ? 'It is full again' : 'There is enough'
  return apiError(isWindow ? 'QUOTA_EXCEEDED' : 'RATE_LIMITED', {
    message: `${subjectOf(dear)}; the budget ${partition} holds ${remaining} of ${capacity}. ${wait} in ${retryAfterSeconds} s.`,
    extensions: {
      ...adviceFor(dear, affordable),
      partition,
      limit: capacity,
      remaining,
      retryAfterSeconds,
      ...(isWindow && { resetAt: resetTime(level, waitMs, now), ...contactOf(dear) }),
    },
  })
}

/** The refusal of one operation too many at the same time. */
export function tooManyAtOnce(estimated: number, limit: number): ApiError {
  return apiError('CONCURRENCY_LIMITED', {
    message: `At most ${limit} operations of one client run at the same time. Wait until one has ended.`,
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

function contactOf({ contact }: Dear): { readonly contact?: string } {
  return contact === null ? {} : { contact }
}

const DEAREST = 3

function subjectOf({ program, estimated }: Dear): string {
  const points = estimated === 1 ? '1 point' : `${estimated} points`
  return program === null
    ? `To be told a price costs ${points}`
    : `The operation can cost ${points}`
}

function adviceFor({ program, variables, estimated }: Dear, affordable: number): object {
  if (program === null) return { estimated, dearest: [], largestPage: null }
  return {
    estimated,
    dearest: program.explain(variables, DEAREST),
    largestPage: program.largestPage(variables, affordable),
  }
}
