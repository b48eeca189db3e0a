import { ROLE_CAPS } from '../../auth/access.ts'
import type { AccountRole } from '../../database/tables.generated.ts'
import { builder } from '../builder.ts'

export const Role = builder.enumType('Role', {
  description:
    'What an account may be trusted with: the highest access level of its keys and sessions depends on it.',
  values: {
    USER: { description: capOf('user') },
    TESTER: { description: capOf('tester') },
    CURATOR: { description: `${capOf('curator')} May edit curated sets.` },
    BUGHUNTER: { description: capOf('bughunter') },
    SUPPORT: { description: capOf('support') },
    ADMIN: { description: `${capOf('admin')} May change roles.` },
  } as const,
})

export const AccountStatus = builder.enumType('AccountStatus', {
  description:
    'Whether an account is open. Any status but ACTIVE lowers all its keys and sessions to access level 0.',
  values: {
    INACTIVE: { description: 'The e-mail address is not confirmed.' },
    ACTIVE: { description: 'Open.' },
    RESTRICTED: { description: 'Closed by its owner.' },
    DISABLED: { description: 'Closed by an administrator.' },
  } as const,
})

export const Consent = builder.enumType('Consent', {
  description: 'What a person has agreed to.',
  values: {
    NONE: { description: 'Nothing: all keys and sessions are lowered to access level 0.' },
    ACCOUNT: {
      description: 'Account data may be processed; measurement sets and patterns stay closed.',
    },
    MEASUREMENTS: { description: 'Account data and measurements may be processed.' },
  } as const,
})

function capOf(role: AccountRole): string {
  return `At most access level ${ROLE_CAPS[role]}.`
}
