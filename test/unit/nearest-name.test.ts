import { expect, test } from 'vitest'

import { nearestName } from '../../src/nearest-name.ts'

test.each([
  ['brust', 'burst'],
  ['burst', 'burst'],
  ['anonymous-days', 'anonymous-day'],
  ['9', '8'],
  ['', '8'],
])('the name nearest to "%s" is %s', (name, near) => {
  expect(nearestName(name, ['burst', 'day', 'anonymous-day', '8'])).toBe(near)
})

test('of names that are equally near the first one is taken', () => {
  expect(nearestName('bay', ['day', 'may'])).toBe('day')
})
