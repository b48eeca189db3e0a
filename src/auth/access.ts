import type { AccountConsent, AccountRole, AccountStatus } from '../database/tables.generated.ts'

export const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
export type AccessLevel = (typeof LEVELS)[number]

export function isAccessLevel(value: number): value is AccessLevel {
  return (LEVELS as readonly number[]).includes(value) // widened: includes() asks for what it is meant to find out
}

/** Highest level that a key or session of an account with this role can have. */
export const ROLE_CAPS = {
  user: 4,
  tester: 4,
  curator: 5,
  bughunter: 6,
  support: 8,
  admin: 8,
} as const satisfies Record<AccountRole, AccessLevel>

export interface AccessRule {
  /** Lowest level that holds the scope; levels are cumulative. null: anybody, without credentials too. */
  readonly level: AccessLevel | null
  /** Whether a key may, a signed-in person alone, or beside that person a key for itself. */
  readonly by: 'any' | 'session' | 'key-itself'
  readonly roles?: readonly AccountRole[]
  /** The consent that the data behind the scope rests on; a narrower one closes it. */
  readonly consent?: AccountConsent
}

/** Scope -> who holds it. The whole matrix; every field of the schema names one of these. */
export const ACCESS = {
  public: { level: null, by: 'any' },
  self: { level: 0, by: 'any' },
  'own-sets:read': { level: 1, by: 'any', consent: 'measurements' },
  'own-patterns:read': { level: 1, by: 'any', consent: 'measurements' },
  'own-bookmarks:read': { level: 1, by: 'any' },
  'own-sets:write': { level: 3, by: 'any', consent: 'measurements' },
  'own-patterns:write': { level: 3, by: 'any', consent: 'measurements' },
  'own-bookmarks:write': { level: 3, by: 'any' },
  'curated-sets:write': { level: 3, by: 'any', roles: ['curator', 'support', 'admin'] },
  'own-account:read': { level: 2, by: 'any' },
  'own-keys:read': { level: 2, by: 'any' },
  'own-keys:write': { level: 2, by: 'session' },
  'own-keys:revoke': { level: 0, by: 'key-itself' },
  'own-limits:write': { level: 2, by: 'session' },
  'own-account:write': { level: 4, by: 'any' },
  'own-sign-in:write': { level: 4, by: 'session' },
  'own-sessions:read': { level: 0, by: 'session' },
  'own-sessions:write': { level: 0, by: 'session' },
  'own-consent:write': { level: 0, by: 'session' },
  'own-account:export': { level: 0, by: 'session' },
  'own-account:delete': { level: 0, by: 'session' },
  'accounts:read': { level: 5, by: 'any' },
  'sets:write': { level: 6, by: 'any', consent: 'measurements' },
  'accounts:write': { level: 7, by: 'any' },
  'sets:read-all': { level: 8, by: 'any' },
  'oversight:read': { level: 8, by: 'any' },
  'accounts:close': { level: 8, by: 'session' },
  'interventions:read': { level: 8, by: 'any' },
  'interventions:write': { level: 8, by: 'session' },
  'roles:write': { level: 8, by: 'session', roles: ['admin'] },
} as const satisfies Record<string, AccessRule>

export type Scope = keyof typeof ACCESS

/** What of a principal decides its scopes: nothing that names a person, so that equal standings share compiled plans. */
export type Standing = AnonymousStanding | AccountStanding

export interface AnonymousStanding {
  readonly kind: 'anonymous'
  readonly level: null
  readonly role: null
  readonly status: null
  readonly consent: null
}

export interface AccountStanding {
  readonly kind: 'key' | 'session'
  /** Effective level: that of the key or session, within role and account state. */
  readonly level: AccessLevel
  readonly role: AccountRole
  readonly status: AccountStatus
  readonly consent: AccountConsent
}

export const ANONYMOUS: AnonymousStanding = Object.freeze({
  kind: 'anonymous',
  level: null,
  role: null,
  status: null,
  consent: null,
})

/** Why a scope is not held; null where it is. */
export type Denial =
  | { readonly code: 'UNAUTHENTICATED' }
  | { readonly code: 'SESSION_REQUIRED' }
  | { readonly code: 'ACCOUNT_BLOCKED' }
  | { readonly code: 'CONSENT_REQUIRED' }
  | {
      readonly code: 'LEVEL_TOO_LOW'
      readonly levelNeeded: AccessLevel
      readonly levelHeld: AccessLevel
      /** Given where the level would do and the role does not. */
      readonly rolesNeeded?: readonly AccountRole[]
    }
