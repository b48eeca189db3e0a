import { describe, expect, test } from 'vitest'

import { decide, type PolicyStep } from '../../../src/oversight/policies/decide.ts'

const POLICY = { above: 100, below: 50 }
const NOW_MS = Date.parse('2026-02-01T12:00:00Z')
const LOOK_MS = 60_000

function at(value: number, last: PolicyStep | null = null) {
  return decide(POLICY, { value, last, nowMs: NOW_MS, nextLookMs: LOOK_MS })
}

function ending(inMs: number, isOpen = true): PolicyStep {
  return { untilMs: NOW_MS + inMs, isOpen }
}

describe('a step', () => {
  test('is taken from the upper bound on', () => {
    expect(at(99)).toBeNull()
    expect(at(100)).toBe('take')
  })

  test('that is in force is not taken again, however much is used', () => {
    expect(at(1_000_000, ending(3_600_000))).toBeNull()
  })

  test('is prolonged before it ends, as long as use has not sunk below the lower bound', () => {
    expect(at(50, ending(LOOK_MS))).toBe('prolong')
    expect(at(50, ending(0))).toBe('prolong')
    expect(at(50, ending(LOOK_MS + 1))).toBeNull()
    expect(at(49, ending(LOOK_MS))).toBeNull()
  })

  test('that is over is taken again from the upper bound alone', () => {
    expect(at(99, ending(-1))).toBeNull()
    expect(at(100, ending(-1))).toBe('take')
  })

  test('that somebody lifted rests until it would have been over', () => {
    expect(at(1_000, ending(3_600_000, false))).toBeNull()
    expect(at(1_000, ending(LOOK_MS, false))).toBeNull()
    expect(at(1_000, ending(-1, false))).toBe('take')
  })
})
