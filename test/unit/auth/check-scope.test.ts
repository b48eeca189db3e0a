import { describe, expect, test } from 'vitest'
import {
  ACCESS,
  type AccessRule,
  type AccountStanding,
  ANONYMOUS,
  LEVELS,
  type Scope,
} from '../../../src/auth/access.ts'
import { checkRule, checkScope, holds } from '../../../src/auth/check-scope.ts'

const SCOPES = Object.keys(ACCESS) as Scope[] // keys of a constant table

/** What is left at level 0, in whatever state the account is: to a key, and to a signed-in person. */
const OPEN_TO_KEYS: readonly Scope[] = ['public', 'self', 'own-keys:revoke']
const OPEN_TO_PERSONS: readonly Scope[] = [
  ...OPEN_TO_KEYS,
  'own-sessions:read',
  'own-sessions:write',
  'own-consent:write',
  'own-account:export',
  'own-account:delete',
]

function standing(over: Partial<AccountStanding> = {}): AccountStanding {
  return {
    kind: 'key',
    level: 2,
    role: 'user',
    status: 'active',
    consent: 'measurements',
    ...over,
  }
}

function heldBy(over: Partial<AccountStanding>): Scope[] {
  return SCOPES.filter((scope) => holds(standing(over), scope))
}

/** Level -> the scopes that it opens and the level below does not. */
function gained(kind: AccountStanding['kind']): Record<string, string> {
  const held = LEVELS.map((level) => heldBy({ kind, level, role: 'admin' }))
  const added = held.map((scopes, level) =>
    scopes.filter((scope) => level === 0 || held[level - 1]?.includes(scope) === false),
  )
  return Object.fromEntries(added.map((scopes, level) => [level, scopes.join(' ')]))
}

describe('the access matrix', () => {
  test('gives a key at each level exactly these scopes beside those of the level below', () => {
    expect(gained('key')).toMatchInlineSnapshot(`
      {
        "0": "public self own-keys:revoke",
        "1": "own-sets:read own-patterns:read own-bookmarks:read",
        "2": "own-account:read own-keys:read",
        "3": "own-sets:write own-patterns:write own-bookmarks:write curated-sets:write",
        "4": "own-account:write",
        "5": "accounts:read",
        "6": "sets:write",
        "7": "accounts:write",
        "8": "sets:read-all oversight:read interventions:read",
      }
    `)
  })

  test('gives a signed-in administrator at each level exactly these beside those of the level below', () => {
    expect(gained('session')).toMatchInlineSnapshot(`
      {
        "0": "public self own-keys:revoke own-sessions:read own-sessions:write own-consent:write own-account:export own-account:delete",
        "1": "own-sets:read own-patterns:read own-bookmarks:read",
        "2": "own-account:read own-keys:read own-keys:write own-limits:write",
        "3": "own-sets:write own-patterns:write own-bookmarks:write curated-sets:write",
        "4": "own-account:write own-sign-in:write",
        "5": "accounts:read",
        "6": "sets:write",
        "7": "accounts:write",
        "8": "sets:read-all oversight:read accounts:close interventions:read interventions:write roles:write",
      }
    `)
  })

  test('is cumulative: a level holds every scope of the level below', () => {
    for (const level of LEVELS.slice(1)) {
      const below = LEVELS[level - 1] ?? 0
      expect(heldBy({ level })).toEqual(expect.arrayContaining(heldBy({ level: below })))
    }
  })

  test('gives a key of level 0 who it is, what is public, and its own end', () => {
    expect(heldBy({ level: 0 })).toEqual(OPEN_TO_KEYS)
  })

  test('gives a session that the account holds at level 0 what no state takes from a person', () => {
    expect(heldBy({ kind: 'session', level: 0 })).toEqual(OPEN_TO_PERSONS)
  })

  test('does not list the own keys to a key of level 0', () => {
    expect(checkScope(standing({ level: 0 }), 'own-keys:read')).toEqual({
      code: 'LEVEL_TOO_LOW',
      levelNeeded: 2,
      levelHeld: 0,
    })
  })
})

describe('an anonymous caller', () => {
  test('holds what is public', () => {
    expect(checkScope(ANONYMOUS, 'public')).toBeNull()
  })

  test.each(SCOPES.filter((scope) => scope !== 'public'))('is asked who it is for %s', (scope) => {
    expect(checkScope(ANONYMOUS, scope)).toEqual({ code: 'UNAUTHENTICATED' })
  })
})

describe('the state of the account', () => {
  test.each(['inactive', 'restricted', 'disabled'] as const)(
    '%s answers ACCOUNT_BLOCKED above level 0, and nothing at level 0',
    (status) => {
      const blocked = standing({ level: 0, status })
      expect(SCOPES.filter((scope) => holds(blocked, scope))).toEqual(OPEN_TO_KEYS)
      expect(heldBy({ kind: 'session', level: 0, status })).toEqual(OPEN_TO_PERSONS)
      expect(checkScope(blocked, 'own-account:read')).toEqual({ code: 'ACCOUNT_BLOCKED' })
    },
  )

  test('without any consent answers CONSENT_REQUIRED above level 0, and nothing at level 0', () => {
    const silent = standing({ level: 0, consent: 'none' })
    expect(SCOPES.filter((scope) => holds(silent, scope))).toEqual(OPEN_TO_KEYS)
    expect(heldBy({ kind: 'session', level: 0, consent: 'none' })).toEqual(OPEN_TO_PERSONS)
    expect(checkScope(silent, 'own-bookmarks:read')).toEqual({ code: 'CONSENT_REQUIRED' })
  })

  test('answers instead of a level that falls short: a higher key would not help', () => {
    const blocked = standing({ level: 0, status: 'disabled' })
    expect(checkScope(blocked, 'accounts:read')).toEqual({ code: 'ACCOUNT_BLOCKED' })
  })

  test('is named by its status where consent is missing too', () => {
    const both = standing({ level: 0, status: 'restricted', consent: 'none' })
    expect(checkScope(both, 'own-sets:read')).toEqual({ code: 'ACCOUNT_BLOCKED' })
  })

  test('with consent to account data alone closes sets and patterns and nothing else', () => {
    const all = { kind: 'session', level: 8, role: 'admin' } as const
    const left = heldBy({ ...all, consent: 'account' })
    expect(heldBy(all).filter((scope) => !left.includes(scope))).toEqual([
      'own-sets:read',
      'own-patterns:read',
      'own-sets:write',
      'own-patterns:write',
      'sets:write',
    ])
    expect(checkScope(standing({ consent: 'account' }), 'own-sets:read')).toEqual({
      code: 'CONSENT_REQUIRED',
    })
  })
})

describe('a rule for sessions', () => {
  const changePassword: AccessRule = { level: 0, by: 'session' }

  test.each(LEVELS)('refuses a key of level %i: it changes no password', (level) => {
    const key = standing({ level, role: 'admin' })
    expect(checkRule(key, changePassword)).toEqual({ code: 'SESSION_REQUIRED' })
  })

  test('asks for the session before the level: no key would do', () => {
    const key = standing({ level: 0 })
    expect(checkRule(key, { level: 2, by: 'session' })).toEqual({ code: 'SESSION_REQUIRED' })
  })

  test('lets a session pass, at level 0 in any state of the account', () => {
    const session = standing({ kind: 'session', level: 0, status: 'restricted', consent: 'none' })
    expect(checkRule(session, changePassword)).toBeNull()
  })
})

describe('a rule for roles', () => {
  const editCurated: AccessRule = { level: 5, by: 'any', roles: ['curator', 'support', 'admin'] }

  test('lets these roles pass', () => {
    expect(checkRule(standing({ level: 5, role: 'curator' }), editCurated)).toBeNull()
  })

  test('refuses a higher level in another role, and names the roles', () => {
    expect(checkRule(standing({ level: 6, role: 'bughunter' }), editCurated)).toEqual({
      code: 'LEVEL_TOO_LOW',
      levelNeeded: 5,
      levelHeld: 6,
      rolesNeeded: ['curator', 'support', 'admin'],
    })
  })
})
