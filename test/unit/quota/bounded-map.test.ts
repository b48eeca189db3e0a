import fc from 'fast-check'
import { expect, test } from 'vitest'

import { BoundedMap } from '../../../src/quota/bounded-map.ts'

test('the entry that was written longest ago gives way', () => {
  const map = new BoundedMap<number>(2)
  map.set('a', 1)
  map.set('b', 2)
  map.set('a', 3)
  map.set('c', 4)
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([3, undefined, 4])
})

test('whatever is written and deleted, it holds what was written last, and no more than it may', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const step = fc.tuple(fc.constantFrom('set', 'set', 'delete'), key)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step), (max, steps) => {
      const map = new BoundedMap<string>(max)
      let expected: string[] = []
      for (const [action, name] of steps) {
        expected = expected.filter((other) => other !== name)
        if (action === 'set') expected = [...expected, name].slice(-max)
        if (action === 'set') map.set(name, name)
        else map.delete(name)
        expect([...map.values()]).toEqual(expected)
      }
    }),
  )
})
