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

describe('the access matrix', () => {
  test('gives each level exactly these scopes', () => {
    const held = LEVELS.map((level) => [level, heldBy({ level, role: 'admin' }).join(' ')])
    expect(Object.fromEntries(held)).toMatchInlineSnapshot(`
      {
        "0": "public self",
        "1": "public self own-sets:read own-patterns:read own-bookmarks:read",
        "2": "public self own-sets:read own-patterns:read own-bookmarks:read own-account:read own-keys:read",
        "3": "public self own-sets:read own-patterns:read own-bookmarks:read own-account:read own-keys:read",
        "4": "public self own-sets:read own-patterns:read own-bookmarks:read own-account:read own-keys:read",
        "5": "public self own-sets:read own-patterns:read own-bookmarks:read own-account:read own-keys:read accounts:read",
        "6": "public self own-sets:read own-patterns:read own-bookmarks:read own-account:read own-keys:read accounts:read",
        "7": "public self own-sets:read own-patterns:read own-bookmarks:read own-account:read own-keys:read accounts:read",
        "8": "public self own-sets:read own-patterns:read own-bookmarks:read own-account:read own-keys:read accounts:read",
      }
    `)
  })

  test('is cumulative: a level holds every scope of the level below', () => {
    for (const level of LEVELS.slice(1)) {
      const below = LEVELS[level - 1] ?? 0
      expect(heldBy({ level })).toEqual(expect.arrayContaining(heldBy({ level: below })))
    }
  })

  test('gives a key of level 0 who it is and what is public', () => {
    expect(heldBy({ level: 0 })).toEqual(['public', 'self'])
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
      expect(SCOPES.filter((scope) => holds(blocked, scope))).toEqual(['public', 'self'])
      expect(checkScope(blocked, 'own-account:read')).toEqual({ code: 'ACCOUNT_BLOCKED' })
    },
  )

  test('without any consent answers CONSENT_REQUIRED above level 0, and nothing at level 0', () => {
    const silent = standing({ level: 0, consent: 'none' })
    expect(SCOPES.filter((scope) => holds(silent, scope))).toEqual(['public', 'self'])
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
    const closed = SCOPES.filter((scope) => !holds(standing({ consent: 'account' }), scope))
    expect(closed).toEqual(['own-sets:read', 'own-patterns:read', 'accounts:read'])
    expect(checkScope(standing({ consent: 'account' }), 'own-sets:read')).toEqual({
      code: 'CONSENT_REQUIRED',
    })
    expect(checkScope(standing({ consent: 'account' }), 'accounts:read')).toMatchObject({
      code: 'LEVEL_TOO_LOW',
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
