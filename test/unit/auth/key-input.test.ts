import { describe, expect, test } from 'vitest'
import { LEVELS, ROLE_CAPS } from '../../../src/auth/access.ts'
import {
  DEFAULT_LIFETIME_SECONDS,
  expiryAfter,
  type KeyBounds,
  KEY_LIFETIME,
  type KeyInput,
  keySchema,
} from '../../../src/auth/key-input.ts'
import { readInput } from '../../../src/input-problems.ts'

const now = new Date('2026-02-01T12:00:00Z')
const bounds: KeyBounds = { role: 'user', now, lifetime: KEY_LIFETIME }
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const DAY = 86_400

function problemPaths(input: Partial<KeyInput>, over: Partial<KeyBounds> = {}): string[] {
  const schema = keySchema({ ...bounds, ...over })
  const read = schema.safeParse({ name: 'laptop', level: 1, expiresAt: after(DAY), ...input })
  return read.success ? [] : read.error.issues.map(({ path }) => path.join('.'))
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
    const isAllowed = (seconds: number) =>
      problemPaths({ expiresAt: after(seconds) }, { lifetime }).length === 0
    expect([4, 5, DAY, DAY + 1].map(isAllowed)).toEqual([false, true, true, false])
  })

  test('is 30 days away where none is asked for, as far as the bounds allow', () => {
    expect(problemPaths({ expiresAt: null })).toEqual([])
    expect(expiryWithin(1, 365 * DAY)).toEqual(after(30 * DAY))
    expect(expiryWithin(1, DAY)).toEqual(after(DAY))
    expect(expiryWithin(40 * DAY, 50 * DAY)).toEqual(after(40 * DAY))
  })
})

describe('the level of a new key', () => {
  test('may be 0', () => {
    expect(problemPaths({ level: 0 })).toEqual([])
  })

  test.each(Object.entries(ROLE_CAPS))('of a %s may be what the role gives, %i', (role, cap) => {
    const allowed = LEVELS.filter(
      (level) => problemPaths({ level }, { role: role as keyof typeof ROLE_CAPS }).length === 0, // a key of the table
    )
    expect(allowed).toEqual(LEVELS.filter((level) => level <= cap))
  })

  test('above what the role gives is refused: what was found, and what is accepted', () => {
    expect(() => readInput(keySchema(bounds), { name: 'x', level: 5 })).toThrow(
      expect.objectContaining({
        extensions: {
          code: 'INPUT_INVALID',
          problems: [
            {
              code: 'INPUT_INVALID',
              path: 'level',
              found: 5,
              message:
                'An access level is a whole number from 0 to 8, and an account with the role user gives those up to 4, not 5.',
            },
          ],
        },
      }),
    )
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
    expect(keySchema(bounds).parse({ name: ' laptop ', level: 0 })).toMatchObject({
      name: 'laptop',
    })
  })
})

test('everything that is wrong with a new key is said at once', () => {
  expect(problemPaths({ name: '', level: 9, expiresAt: now })).toEqual([
    'name',
    'level',
    'expiresAt',
  ])
})

function expiryWithin(secondsMin: number, secondsMax: number): Date {
  return expiryAfter(DEFAULT_LIFETIME_SECONDS, { now, lifetime: { secondsMin, secondsMax } })
}
