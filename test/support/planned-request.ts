import type { DocumentNode } from 'graphql'
import { getOperationAST } from 'graphql'
import { type AccountStanding, isAccessLevel } from '../../src/auth/access.ts'
import { effectiveLevel } from '../../src/auth/effective-level.ts'
import { ANONYMOUS_PRINCIPAL, type Principal } from '../../src/auth/principal.ts'
import { coerceVariables } from '../../src/gateway/coerce-variables.ts'
import { schema } from '../../src/schema/schema.ts'
import { PEOPLE } from './planned-data.ts'

/** `anonymous`, or one of the people and the level of the key: `ada 2`. */
export function principalNamed(text: string): Principal {
  if (text === 'anonymous') return ANONYMOUS_PRINCIPAL
  const [name = '', digit] = text.split(' ')
  const level = Number(digit)
  if (!isPerson(name) || !isAccessLevel(level)) throw new Error(`${text} is nobody.`)
  return {
    accountId: PEOPLE[name],
    keyId: null,
    sessionId: null,
    budget: { accountCreatedAtMs: 0, limits: [] },
    interventions: [],
    standing: { kind: 'key', level, role: 'curator', status: 'active', consent: 'measurements' },
  }
}

/** A key of ada, ben or cleo with this level, as the account's state leaves it. */
export function keyOf(person: keyof typeof PEOPLE, over: Partial<AccountStanding> = {}): Principal {
  const standing = {
    kind: 'key',
    level: 2,
    role: 'user',
    status: 'active',
    consent: 'measurements',
    ...over,
  } as const
  const level = effectiveLevel(standing.level, standing)
  return {
    accountId: PEOPLE[person],
    keyId: null,
    sessionId: null,
    budget: { accountCreatedAtMs: 0, limits: [] },
    interventions: [],
    standing: { ...standing, level },
  }
}

/** Variables as the gateway coerces them for the only operation of the document. */
export function coercedFor(document: DocumentNode, given: Readonly<Record<string, unknown>>) {
  const operation = getOperationAST(document)
  if (!operation) throw new Error('The document has no single operation.')
  return coerceVariables(schema, operation, given)
}

function isPerson(name: string): name is keyof typeof PEOPLE {
  return Object.hasOwn(PEOPLE, name)
}
