import { blockOf, coversConsent } from './account-state.ts'
import { ACCESS, type AccessRule, type Denial, type Scope, type Standing } from './access.ts'

/** Why this standing does not hold the scope; null where it does. */
export function checkScope(standing: Standing, scope: Scope): Denial | null {
  return checkRule(standing, ACCESS[scope])
}

/** Whether this standing holds the scope. */
export function holds(standing: Standing, scope: Scope): boolean {
  return checkScope(standing, scope) === null
}

/**
 * Why this standing does not satisfy the rule; null where it does. Names what the caller would have to change first: to
 * sign in, then the account's state, then the level, then the role.
 */
export function checkRule(standing: Standing, rule: AccessRule): Denial | null {
  if (rule.level === null) return null
  if (standing.kind === 'anonymous') return { code: 'UNAUTHENTICATED' }
  if (rule.by === 'session' && standing.kind !== 'session') return { code: 'SESSION_REQUIRED' }
  // The state answers for everything above level 0, also where the key alone would fall short: a higher key would not help.
  const block = rule.level === 0 ? null : blockOf(standing)
  if (block !== null) return { code: block }
  if (standing.level < rule.level) {
    return { code: 'LEVEL_TOO_LOW', levelNeeded: rule.level, levelHeld: standing.level }
  }
  if (rule.roles !== undefined && !rule.roles.includes(standing.role)) {
    return {
      code: 'LEVEL_TOO_LOW',
      levelNeeded: rule.level,
      levelHeld: standing.level,
      rolesNeeded: rule.roles,
    }
  }
  if (rule.consent !== undefined && !coversConsent(standing.consent, rule.consent)) {
    return { code: 'CONSENT_REQUIRED' }
  }
  return null
}
