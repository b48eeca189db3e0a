import fc from 'fast-check'
import { expect, test } from 'vitest'

import { decide, type PolicyStep } from '../../../src/oversight/policies/decide.ts'

const HOUR_MS = 3_600_000

interface Course {
  readonly values: readonly number[]
  readonly below: number
  readonly above: number
  readonly forHours: number
}

const course: fc.Arbitrary<Course> = fc
  .record({
    values: fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 200 }),
    below: fc.integer({ min: 1, max: 60 }),
    gap: fc.integer({ min: 1, max: 30 }),
    forHours: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ gap, ...rest }) => ({ ...rest, above: rest.below + gap }))

/** Whether the step is in force after each look, one an hour, and what was done. */
function looks({ values, forHours, ...policy }: Course) {
  let last: PolicyStep | null = null
  return values.map((value, hour) => {
    const nowMs = hour * HOUR_MS
    const done = decide(policy, { value, last, nowMs, nextLookMs: 0 })
    if (done !== null) last = { untilMs: nowMs + forHours * HOUR_MS, isOpen: true }
    return { value, done, isInForce: last !== null && nowMs < last.untilMs }
  })
}

test('use that never reaches the upper bound meets nothing', () => {
  fc.assert(
    fc.property(course, (one) => {
      const values = one.values.map((value) => Math.min(value, one.above - 1))
      expect(looks({ ...one, values }).every(({ done }) => done === null)).toBe(true)
    }),
  )
})

test('use at the upper bound never goes on without the step', () => {
  fc.assert(
    fc.property(course, (one) => {
      const free = looks(one).filter(({ isInForce }) => !isInForce)
      expect(free.every(({ value }) => value < one.above)).toBe(true)
    }),
  )
})

test('a step ends at no look at which use is between the bounds or above', () => {
  fc.assert(
    fc.property(course, (one) => {
      const seen = looks(one)
      const ends = seen.filter((look, at) => seen[at - 1]?.isInForce === true && !look.isInForce)
      expect(ends.every(({ value }) => value < one.below)).toBe(true)
    }),
  )
})

test('a step that was taken holds for its time', () => {
  fc.assert(
    fc.property(course, (one) => {
      const seen = looks(one)
      const held = seen.flatMap(({ done }, at) =>
        done === 'take' ? seen.slice(at, at + one.forHours) : [],
      )
      expect(held.every(({ isInForce }) => isInForce)).toBe(true)
    }),
  )
})
