import { stepInForce, suspended } from '../auth/interventions.ts'
import type { Principal } from '../auth/principal.ts'
import { CONTROL_FIELDS } from '../quota/claims.ts'
import type { DemandControl } from './demand-control.ts'

/**
 * Names of the root fields that a signed-in person has while the account is suspended: what it takes to see why, to answer,
 * to stop what goes on, and to leave. A suspended key has nothing: it does not come as far as this.
 */
const OPEN_FIELDS: ReadonlySet<string> = new Set([
  ...CONTROL_FIELDS,
  'session',
  'sessions',
  'setConsent',
  'restrictAccount',
  'liftRestriction',
  'exportAccount',
  'deleteAccount',
])

/**
 * Returns where the account is not suspended, or every root field is open nevertheless.
 * @throws {ApiError} ACCOUNT_BLOCKED with the reason and the end
 */
export function assertNotSuspended(
  { clock, contact }: Pick<DemandControl, 'clock' | 'contact'>,
  { interventions }: Pick<Principal, 'interventions'>,
  rootFields: readonly string[],
): void {
  if (interventions.length === 0) return
  const suspension = stepInForce(interventions, 'suspension', clock().getTime())
  if (suspension === null || rootFields.every((name) => OPEN_FIELDS.has(name))) return
  throw suspended(suspension, contact)
}
