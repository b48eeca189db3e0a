import { StandingNarrowed } from '../auth/standing-narrowed.ts'
import { ApiError, apiError } from '../errors.ts'
import { type AskedOperation, type ExecuteOptions, planAsked } from './asked-operation.ts'

/**
 * The refusal of an operation that was ended while it ran, by the reason of its signal: what a new request would meet. Where
 * the principal may do less now and this operation still, the client is told to send it again; where the client has gone,
 * nobody reads it.
 */
export function refusalOfEnd(
  options: ExecuteOptions,
  reason: unknown,
  asked: AskedOperation | null,
): unknown {
  if (reason instanceof ApiError) return reason
  if (!(reason instanceof StandingNarrowed)) return apiError('UNAVAILABLE')
  try {
    const { principal } = reason
    if (asked !== null) {
      planAsked(options, { ...asked, context: { ...asked.context, principal } })
    }
  } catch (refusal) {
    return refusal
  }
  return apiError('UNAVAILABLE', {
    message: 'The account changed while the operation ran. Send it again.',
  })
}
