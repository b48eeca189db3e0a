import { describe, expect, test } from 'vitest'
import { LEVELS, ROLE_CAPS } from '../../../src/auth/access.ts'
import { effectiveLevel } from '../../../src/auth/effective-level.ts'

const active = { status: 'active', consent: 'measurements' } as const

describe('the effective level', () => {
  test.each([
    ['user', 4],
    ['tester', 4],
    ['curator', 5],
    ['bughunter', 6],
    ['support', 8],
    ['admin', 8],
  ] as const)('of a %s is at most %i', (role, cap) => {
    expect(LEVELS.map((level) => effectiveLevel(level, { role, ...active }))).toEqual(
      LEVELS.map((level) => Math.min(level, cap)),
    )
  })

  test('falls with the role at once: a downgrade leaves no strong key strong', () => {
    expect(effectiveLevel(8, { role: 'admin', ...active })).toBe(8)
    expect(effectiveLevel(8, { role: 'user', ...active })).toBe(4)
  })

  test.each(['inactive', 'restricted', 'disabled'] as const)(
    'is 0 while the account is %s',
    (status) => {
      expect(effectiveLevel(8, { role: 'admin', status, consent: 'measurements' })).toBe(0)
    },
  )

  test('is 0 without consent to the processing of account data', () => {
    expect(effectiveLevel(8, { role: 'admin', status: 'active', consent: 'none' })).toBe(0)
  })

  test('does not fall for want of consent to measurements alone', () => {
    expect(effectiveLevel(4, { role: 'user', status: 'active', consent: 'account' })).toBe(4)
  })

  test('is 0 for a key of level 0, whatever the role', () => {
    expect(Object.keys(ROLE_CAPS)).toHaveLength(6)
    expect(effectiveLevel(0, { role: 'admin', ...active })).toBe(0)
  })
})
