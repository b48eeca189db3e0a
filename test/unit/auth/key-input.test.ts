import { describe, expect, test } from 'vitest'
import { LEVELS, ROLE_CAPS } from '../../../src/auth/access.ts'
import { checkKeyInput, KEY_LIFETIME, type KeyInput } from '../../../src/auth/key-input.ts'

const now = new Date('2026-02-01T12:00:00Z')
const bounds = { role: 'user', now, lifetime: KEY_LIFETIME } as const
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const DAY = 86_400

function problemPaths(input: Partial<KeyInput>, over: Partial<typeof bounds> = {}): string[] {
  const check = checkKeyInput(
    { name: 'laptop', level: 1, expiresAt: after(DAY), ...input },
    { ...bounds, ...over },
  )
  return check.kind === 'valid' ? [] : check.problems.map(({ path }) => path ?? '')
}

describe('the expiry of a new key', () => {
  test.each([
    ['one minute', 60],
    ['30 days', 30 * DAY],
    ['365 days', 365 * DAY],
  ])('may be %s away', (_, seconds) => {
    expect(problemPaths({ expiresAt: after(seconds) })).toEqual([])
  })

  test.each([
    ['more than 365 days away', 365 * DAY + 0.001],
    ['less than a minute away', 59.999],
    ['now', 0],
    ['in the past', -DAY],
    ['endless', Number.POSITIVE_INFINITY],
    ['no date', Number.NaN],
  ])('is refused when it is %s', (_, seconds) => {
    expect(problemPaths({ expiresAt: after(seconds) })).toEqual(['expiresAt'])
  })

  test('keeps within the bounds that are configured', () => {
    const lifetime = { secondsMin: 5, secondsMax: DAY }
    const check = (seconds: number) =>
      checkKeyInput({ name: 'x', level: 0, expiresAt: after(seconds) }, { ...bounds, lifetime })
        .kind
    expect([4, 5, DAY, DAY + 1].map(check)).toEqual(['invalid', 'valid', 'valid', 'invalid'])
  })
})

describe('the level of a new key', () => {
  test('may be 0', () => {
    expect(problemPaths({ level: 0 })).toEqual([])
  })

  test.each(Object.entries(ROLE_CAPS))('of a %s may be what the role gives, %i', (role, cap) => {
    const allowed = LEVELS.filter(
      (level) =>
        checkKeyInput(
          { name: 'x', level, expiresAt: after(DAY) },
          { ...bounds, role: role as keyof typeof ROLE_CAPS }, // a key of the table
        ).kind === 'valid',
    )
    expect(allowed).toEqual(LEVELS.filter((level) => level <= cap))
  })

  test('above what the role gives is refused, and the cap is named', () => {
    expect(checkKeyInput({ name: 'x', level: 5, expiresAt: after(DAY) }, bounds)).toEqual({
      kind: 'invalid',
      problems: [
        {
          code: 'INPUT_INVALID',
          path: 'level',
          message: 'An account with the role user gives levels up to 4, not 5.',
        },
      ],
    })
  })

  test.each([-1, 9, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('can not be %d', (level) => {
    expect(problemPaths({ level })).toEqual(['level'])
  })
})

describe('the name of a new key', () => {
  test.each(['x', 'x'.repeat(200), '🧵'.repeat(200)])('has 1 to 200 characters (%#)', (name) => {
    expect(problemPaths({ name })).toEqual([])
  })

  test.each(['', '  ', 'x'.repeat(201)])('is refused otherwise (%#)', (name) => {
    expect(problemPaths({ name })).toEqual(['name'])
  })

  test('is stored without the space around it', () => {
    const check = checkKeyInput({ name: ' laptop ', level: 0, expiresAt: after(DAY) }, bounds)
    expect(check).toMatchObject({ kind: 'valid', input: { name: 'laptop' } })
  })
})

test('everything that is wrong with a new key is said at once', () => {
  expect(problemPaths({ name: '', level: 9, expiresAt: now })).toEqual([
    'name',
    'level',
    'expiresAt',
  ])
})
