import { readFileSync } from 'node:fs'

import { describe, expect, test } from 'vitest'

import {
  OVERSIGHT_POLICIES,
  type OversightPolicy,
} from '../../../src/oversight/policies/oversight-policy.ts'
import {
  parseOversightPolicies,
  readOversightPolicies,
} from '../../../src/oversight/policies/read-oversight-policies.ts'

const POLICY = {
  name: 'heavy',
  over: 'day',
  measure: 'points',
  above: 200,
  below: 100,
  step: 'SLOWER',
  pace: 0.5,
  forHours: 24,
}

function parse(...policies: readonly object[]): readonly OversightPolicy[] {
  return parseOversightPolicies(JSON.stringify(policies), 'oversight.json')
}

test('a file stands in place of the built-in table', () => {
  expect(parse(POLICY)).toEqual([{ ...POLICY, step: 'slower' }])
  expect(parse()).toEqual([])
  expect(readOversightPolicies(null)).toBe(OVERSIGHT_POLICIES)
})

test('the file that the README shows is one', () => {
  const [, section = ''] = readFileSync('README.md', 'utf8').split('### Intervene\n')
  const [, text = ''] = /^```json\n([\s\S]*?)^```$/m.exec(section) ?? []
  expect(parseOversightPolicies(text, 'README.md')).toMatchObject([
    { name: 'half-a-day-of-the-database', step: 'suspension' },
  ])
})

describe('a file is refused', () => {
  const { pace: _pace, ...noPace } = POLICY
  test.each<[string, readonly object[], string]>([
    ['whose bounds are the wrong way round', [{ ...POLICY, below: 200 }], '0.below: below is less'],
    ['that slows down without a pace', [noPace], '0.pace: A pace belongs to SLOWER'],
    ['with a pace of another step', [{ ...POLICY, step: 'NOTICE' }], '0.pace: A pace belongs'],
    ['that revokes without a person', [{ ...noPace, step: 'REVOCATION' }], '0.step: A person'],
    ['with two policies of one name', [POLICY, POLICY], 'Two policies have the same name.'],
    ['with a member that nobody knows', [{ ...POLICY, extra: 1 }], '0:'],
    ['with a measure that nobody knows', [{ ...POLICY, measure: 'luck' }], '0.measure:'],
  ])('%s', (_what, policies, says) => {
    expect(() => parse(...policies)).toThrow(`oversight.json: ${says}`)
  })

  test('that is no JSON, or is not there', () => {
    expect(() => parseOversightPolicies('[', 'oversight.json')).toThrow(
      'oversight.json is no JSON.',
    )
    expect(() => readOversightPolicies('/nowhere.json')).toThrow(
      '/nowhere.json can not be read: ENOENT.',
    )
  })
})

test('a policy may revoke where the file says that no person is needed', () => {
  const { pace: _pace, ...noPace } = POLICY
  expect(parse({ ...noPace, step: 'REVOCATION', withoutPerson: true })).toMatchObject([
    { step: 'revocation', pace: null },
  ])
})

test('the built-in policies do nothing that a person would have to undo', () => {
  for (const { step, above, below, forHours } of OVERSIGHT_POLICIES) {
    expect(['notice', 'slower']).toContain(step)
    expect(below).toBeLessThan(above)
    expect(forHours).toBeLessThanOrEqual(24)
  }
})
