import { describe, expect, test } from 'vitest'

import {
  type GivenIntervention,
  inForce,
  mayMakeNoKey,
  noticeOf,
  paceOf,
  stepInForce,
  suspended,
} from '../../../src/auth/interventions.ts'

const NOW_MS = Date.parse('2026-02-01T12:00:00Z')

function given(over: Partial<GivenIntervention> = {}): GivenIntervention {
  return {
    id: 'itv_1',
    of: 'account',
    step: 'notice',
    reason: 'Too "much".',
    pace: null,
    untilMs: null,
    ...over,
  }
}

test('an intervention holds until its end, and not from then on', () => {
  const ending = given({ untilMs: NOW_MS })
  expect(inForce([ending], NOW_MS - 1)).toEqual([ending])
  expect(inForce([ending], NOW_MS)).toEqual([])
  expect(inForce([given()], Number.MAX_SAFE_INTEGER)).toHaveLength(1)
})

test('of several steps of a kind, the one that holds for longest is told', () => {
  const short = given({ step: 'suspension', untilMs: NOW_MS + 1 })
  const long = given({ step: 'suspension', of: 'key' })
  expect(stepInForce([short, long], 'suspension', NOW_MS)).toBe(long)
  expect(stepInForce([long, short], 'suspension', NOW_MS)).toBe(long)
  expect(stepInForce([short, long], 'revocation', NOW_MS)).toBeNull()
})

test('the slowest pace counts, of the account and of the key apart', () => {
  const steps = [
    given({ step: 'slower', pace: 0.5 }),
    given({ step: 'slower', pace: 0.1, untilMs: NOW_MS }),
    given({ step: 'slower', pace: 0.2, of: 'key' }),
  ]
  expect(paceOf(steps, 'account', NOW_MS)).toBe(0.5)
  expect(paceOf(steps, 'account', NOW_MS - 1)).toBe(0.1)
  expect(paceOf(steps, 'key', NOW_MS)).toBe(0.2)
  expect(paceOf([], 'account', NOW_MS)).toBe(1)
})

describe('what is told with every answer', () => {
  test('is JSON text of all that holds', () => {
    const text = noticeOf(
      [given({ untilMs: NOW_MS + 1000 }), given({ id: 'itv_2', step: 'slower', pace: 0.29 })],
      NOW_MS,
    )
    expect(JSON.parse(text ?? '')).toEqual([
      {
        intervention: 'itv_1',
        of: 'ACCOUNT',
        step: 'NOTICE',
        reason: 'Too "much".',
        until: '2026-02-01T12:00:01.000Z',
      },
      {
        intervention: 'itv_2',
        of: 'ACCOUNT',
        step: 'SLOWER',
        reason: 'Too "much".',
        until: null,
        pacePercent: 29,
      },
    ])
  })

  test('is nothing where nothing holds', () => {
    expect(noticeOf([], NOW_MS)).toBeNull()
    expect(noticeOf([given({ untilMs: NOW_MS })], NOW_MS)).toBeNull()
  })
})

test('a refusal names the reason and the end, and whom to turn to where that is known', () => {
  const key = given({ step: 'suspension', of: 'key' })
  expect(suspended(key, 'help@example.org')).toMatchObject({
    code: 'ACCOUNT_BLOCKED',
    message: 'This API key is suspended: Too "much".',
    extensions: { step: 'SUSPENSION', until: null, contact: 'help@example.org' },
  })
  expect(suspended(key, null).extensions).not.toHaveProperty('contact')
  expect(mayMakeNoKey(given({ step: 'revocation' }))).toMatchObject({
    code: 'ACCOUNT_BLOCKED',
    message: 'The account may make no API key: Too "much".',
  })
})
