import type { Owner, Role, Who } from './principals.ts'

/**
 * Who may, in the words of the domain's page rather than in those of the access matrix: nothing here comes from the code under
 * test.
 */
export const RULES = {
  anybody: { from: 'anybody' },
  'whoever is known': { from: 0 },
  'level 1': { from: 1 },
  'level 1 with measurements': { from: 1, measurements: true },
  'level 2': { from: 2 },
  'level 3': { from: 3 },
  'level 3 with measurements': { from: 3, measurements: true },
  'a curator of level 3': { from: 3, roles: ['curator', 'support', 'admin'] },
  'level 4': { from: 4 },
  'staff of level 5': { from: 5 },
  'staff of level 6 with measurements': { from: 6, measurements: true },
  'staff of level 7': { from: 7 },
  'staff of level 8': { from: 8 },
  'a person in any state': { from: 0, person: true },
  'a person of level 2': { from: 2, person: true },
  'a person of level 4': { from: 4, person: true },
  'a person of level 8': { from: 8, person: true },
  'an administrator in person': { from: 8, person: true, roles: ['admin'] },
} as const satisfies Record<string, Rule>

export type RuleName = keyof typeof RULES

interface Rule {
  readonly from: 'anybody' | number
  readonly person?: true
  readonly measurements?: true
  readonly roles?: readonly Role[]
}

const MOST: Readonly<Record<Role, number>> = {
  user: 4,
  tester: 4,
  curator: 5,
  bughunter: 6,
  support: 8,
  admin: 8,
}

/** What refuses every request of theirs, whatever it asks for; null where nothing does. */
export function lostBy({ presents }: Who): string | null {
  if (presents.kind === 'nothing') return null
  switch (presents.life) {
    case 'expired':
      return presents.kind === 'key' ? 'KEY_EXPIRED' : 'UNAUTHENTICATED'
    case 'rotated out':
      return 'KEY_EXPIRED'
    case 'revoked':
      return 'KEY_REVOKED'
    case 'signed out':
    case 'run out':
      return 'UNAUTHENTICATED'
    case 'active':
    case 'fresh':
    case 'rotating':
      return null
  }
}

/** Why they may not, as a refusal names it; null where they may. Levels stand behind it: needed, held. */
export function refusedBy(name: RuleName, who: Who): string | null {
  const rule: Rule = RULES[name]
  const { presents, account } = who
  if (rule.from === 'anybody') return null
  if (presents.kind === 'nothing' || account === null) return 'UNAUTHENTICATED'
  if (rule.person === true && presents.kind !== 'session') return 'SESSION_REQUIRED'
  const state = rule.from === 0 ? null : stateOf(account)
  if (state !== null) return state
  const held = levelOf(who)
  if (held < rule.from) return `LEVEL_TOO_LOW ${rule.from} ${held}`
  if (rule.roles !== undefined && !rule.roles.includes(account.role)) {
    return `LEVEL_TOO_LOW ${rule.from} ${held} ${rule.roles.join()}`
  }
  if (rule.measurements === true && account.consent !== 'measurements') return 'CONSENT_REQUIRED'
  return null
}

/** Whether they may, now and with what they present. */
export function may(name: RuleName, who: Who): boolean {
  return lostBy(who) === null && refusedBy(name, who) === null
}

/** Whether everybody sees what this account has made public. */
export function isOpen({ status, consent }: Owner): boolean {
  return status === 'active' && consent === 'measurements'
}

function stateOf({ status, consent }: Owner): string | null {
  if (status !== 'active') return 'ACCOUNT_BLOCKED'
  return consent === 'none' ? 'CONSENT_REQUIRED' : null
}

function levelOf({ presents, account }: Who): number {
  if (account === null || stateOf(account) !== null) return 0
  const most = MOST[account.role]
  return presents.kind === 'key' ? Math.min(presents.level, most) : most
}
