import { type AccountState, blockOf } from './account-state.ts'
import { type AccessLevel, ROLE_CAPS } from './access.ts'

/**
 * The level that holds now: that of the key or session, never above what the owner's role gives, and 0 while the account's state
 * blocks it. Computed for every request from the account as it stands, so that no key outlives a downgrade.
 */
export function effectiveLevel(level: AccessLevel, account: AccountState): AccessLevel {
  if (blockOf(account) !== null) return 0
  const cap = ROLE_CAPS[account.role]
  return level < cap ? level : cap
}
