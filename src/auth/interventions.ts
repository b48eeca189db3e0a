import type { InterventionStep } from '../database/tables.generated.ts'
import { apiError, type ApiError } from '../errors.ts'

/** A step that was taken against an account or one of its keys, as whoever presents a credential of it meets it. */
export interface GivenIntervention {
  /** As clients see it: `itv_…`. */
  readonly id: string
  readonly of: 'account' | 'key'
  readonly step: InterventionStep
  /** For its owner to read. */
  readonly reason: string
  /** What is left of budgets and of their restore rate, between 0 and 1; null for any step but SLOWER. */
  readonly pace: number | null
  /** Milliseconds since 1970, from when on it is over; null: until it is lifted. */
  readonly untilMs: number | null
}

/** Those that hold at this moment, earliest first. Milliseconds since 1970. */
export function inForce(
  interventions: readonly GivenIntervention[],
  nowMs: number,
): readonly GivenIntervention[] {
  if (interventions.length === 0) return interventions
  return interventions.filter(({ untilMs }) => untilMs === null || nowMs < untilMs)
}

/** The step of this kind that holds at this moment, for longest; null where there is none. */
export function stepInForce(
  interventions: readonly GivenIntervention[],
  step: InterventionStep,
  nowMs: number,
): GivenIntervention | null {
  if (interventions.length === 0) return null
  const held = inForce(interventions, nowMs).filter((given) => given.step === step)
  return held.toSorted((a, b) => endOf(b) - endOf(a))[0] ?? null
}

/** What is left of the budgets of an account, or of a key for itself: 1 where nothing slows it down. */
export function paceOf(
  interventions: readonly GivenIntervention[],
  of: GivenIntervention['of'],
  nowMs: number,
): number {
  const paces = inForce(interventions, nowMs).flatMap((given) =>
    given.of === of && given.pace !== null ? [given.pace] : [],
  )
  return Math.min(1, ...paces)
}

/** From when on it no longer holds, in milliseconds since 1970. */
export function endOf({ untilMs }: Pick<GivenIntervention, 'untilMs'>): number {
  return untilMs ?? Infinity
}

/** The JSON text of what an owner is told with every answer; null where nothing is in force. */
export function noticeOf(
  interventions: readonly GivenIntervention[],
  nowMs: number,
): string | null {
  const held = inForce(interventions, nowMs)
  if (held.length === 0) return null
  return JSON.stringify(
    held.map((given) => ({
      intervention: given.id,
      of: given.of.toUpperCase(),
      ...told(given),
      ...(given.pace === null ? {} : { pacePercent: Math.round(given.pace * 100) }),
    })),
  )
}

/** The refusal of whatever a suspension keeps from running: why, until when, and whom to turn to. */
export function suspended(given: GivenIntervention, contact: string | null): ApiError {
  const what = given.of === 'key' ? 'This API key' : 'The account'
  return refused(given, contact, `${what} is suspended: ${given.reason}`)
}

/** The refusal of a new key while those of the account are taken back. */
export function mayMakeNoKey(given: GivenIntervention): ApiError {
  return refused(given, null, `The account may make no API key: ${given.reason}`)
}

function refused(given: GivenIntervention, contact: string | null, message: string): ApiError {
  return apiError('ACCOUNT_BLOCKED', {
    message,
    extensions: {
      intervention: given.id,
      ...told(given),
      ...(contact === null ? {} : { contact }),
    },
  })
}

function told({ step, reason, untilMs }: GivenIntervention) {
  const until = untilMs === null ? null : new Date(untilMs).toISOString()
  return { step: step.toUpperCase(), reason, until }
}
