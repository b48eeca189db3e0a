import { expect, test } from 'vitest'

import { BoundedMap } from '../../../src/quota/bounded-map.ts'

test('the entry that was written longest ago gives way to a new one', () => {
  const map = new BoundedMap<number>(2)
  map.set('a', 1)
  map.set('b', 2)
  map.set('a', 3)
  map.set('c', 4)
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([3, undefined, 4])
  expect([...map.values()]).toEqual([3, 4])
})

test('an entry that is written again needs no room', () => {
  const map = new BoundedMap<number>(2)
  map.set('a', 1)
  map.set('b', 2)
  map.set('b', 3)
  expect([...map.values()]).toEqual([1, 3])
})

test('an entry that is deleted is gone', () => {
  const map = new BoundedMap<number>(1)
  map.set('a', 1)
  map.delete('a')
  expect(map.get('a')).toBeUndefined()
})
