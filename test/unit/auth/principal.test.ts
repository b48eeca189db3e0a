import { expect, test } from 'vitest'
import { type AccountStanding, ANONYMOUS, LEVELS, ROLE_CAPS } from '../../../src/auth/access.ts'
import { standingKey } from '../../../src/auth/principal.ts'

const STANDING: AccountStanding = {
  kind: 'key',
  level: 0,
  role: 'user',
  status: 'active',
  consent: 'measurements',
}

test('equal standings have one key, also when they are different objects', () => {
  expect(standingKey({ ...STANDING })).toBe(standingKey({ ...STANDING }))
})

test('standings that differ in anything have different keys', () => {
  const standings = [
    ANONYMOUS,
    ...LEVELS.map((level) => ({ ...STANDING, level })),
    ...Object.keys(ROLE_CAPS)
      .slice(1)
      .map((role) => ({ ...STANDING, role })),
    ...['inactive', 'restricted', 'disabled'].map((status) => ({ ...STANDING, status })),
    ...['none', 'account'].map((consent) => ({ ...STANDING, consent })),
    { ...STANDING, kind: 'session' },
  ] as (typeof STANDING)[] // the texts above are names of the closed sets
  expect(new Set(standings.map(standingKey)).size).toBe(standings.length)
})
