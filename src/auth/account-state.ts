import type { AccountConsent, AccountRole, AccountStatus } from '../database/tables.generated.ts'

/** What of an account decides, now, how much its keys and sessions may do. */
export interface AccountState {
  readonly role: AccountRole
  readonly status: AccountStatus
  readonly consent: AccountConsent
}

/** Why this account's keys and sessions hold level 0 and no more; null where nothing blocks them. */
export function blockOf(
  account: Pick<AccountState, 'status' | 'consent'>,
): 'ACCOUNT_BLOCKED' | 'CONSENT_REQUIRED' | null {
  if (account.status !== 'active') return 'ACCOUNT_BLOCKED'
  if (!coversConsent(account.consent, 'account')) return 'CONSENT_REQUIRED'
  return null
}

/** Whether the consent given reaches as far as the one needed. */
export function coversConsent(given: AccountConsent, needed: AccountConsent): boolean {
  return CONSENT_REACH[given] >= CONSENT_REACH[needed]
}

const CONSENT_REACH = {
  none: 0,
  account: 1,
  measurements: 2,
} as const satisfies Record<AccountConsent, number>
