/** Who asks: what is presented, and whose it is. */
export interface Who {
  readonly name: string
  readonly presents: Presented
  /** null for nobody. */
  readonly account: Owner | null
}

export type Presented =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'key'; readonly level: number; readonly life: KeyLife }
  | { readonly kind: 'session'; readonly life: SessionLife }

export type KeyLife = 'active' | 'rotating' | 'expired' | 'revoked' | 'rotated out'
export type SessionLife = 'fresh' | 'expired' | 'signed out' | 'run out'

export interface Owner {
  readonly name: string
  readonly role: Role
  readonly status: 'active' | 'inactive' | 'restricted' | 'disabled'
  readonly consent: 'none' | 'account' | 'measurements'
}

export type Role = 'user' | 'tester' | 'curator' | 'bughunter' | 'support' | 'admin'

const ROLES: readonly Role[] = ['user', 'tester', 'curator', 'bughunter', 'support', 'admin']
const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8]

function owner(name: string, over: Partial<Owner> = {}): Owner {
  return { name, role: 'admin', status: 'active', consent: 'measurements', ...over }
}

const admin = owner('admin')

/** An administrator's account in each state that takes something from it, and a user's. */
const STATES: readonly Owner[] = [
  owner('inactive', { status: 'inactive' }),
  owner('restricted', { status: 'restricted' }),
  owner('disabled', { status: 'disabled' }),
  owner('without-consent', { consent: 'none' }),
  owner('blocked-without-consent', { status: 'restricted', consent: 'none' }),
  owner('with-consent-to-account', { consent: 'account' }),
  owner('user-with-consent-to-account', { role: 'user', consent: 'account' }),
]

/** Was an administrator when the key was made, and is a user now. */
const downgraded = owner('downgraded', { role: 'user' })

/** Everybody whose cells the matrix has. */
export const PRINCIPALS: readonly Who[] = [
  { name: 'nobody', presents: { kind: 'nothing' }, account: null },
  ...keysOfEachLevel('active'),
  ...[
    ...ROLES.map((role) => owner(`with-the-role-${role}`, { role })),
    downgraded,
    ...STATES,
  ].flatMap((account): Who[] => [
    {
      name: `a key of level 8, its owner ${account.name}`,
      presents: { kind: 'key', level: 8, life: 'active' },
      account,
    },
    {
      name: `a session, its owner ${account.name}`,
      presents: { kind: 'session', life: 'fresh' },
      account,
    },
  ]),
  ...(['expired', 'signed out', 'run out'] as const).map((life): Who => ({
    name: `a session that is ${life}`,
    presents: { kind: 'session', life },
    account: admin,
  })),
  ...(['expired', 'revoked', 'rotated out', 'rotating'] as const).flatMap(keysOfEachLevel),
]

/** Accounts of the principals, each once. */
export const OWNERS: readonly Owner[] = [
  ...new Set(PRINCIPALS.flatMap(({ account }) => account ?? [])),
]

function keysOfEachLevel(life: KeyLife): readonly Who[] {
  return LEVELS.map((level) => ({
    name: `a key of level ${level}, ${life}`,
    presents: { kind: 'key', level, life },
    account: admin,
  }))
}
