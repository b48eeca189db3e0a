import { expect, test } from 'vitest'
import { createShortLivedMap } from '../../../src/auth/short-lived-map.ts'

const limits = { maxEntries: 2, lifeMs: 5000 }

test('an entry lives for its time and not a millisecond longer', () => {
  const map = createShortLivedMap<string>(limits)
  map.set('a', 'value', 1000)
  expect(map.get('a', 5999)).toBe('value')
  expect(map.get('a', 6000)).toBeUndefined()
})

test('a clock that was set back revives nothing', () => {
  const map = createShortLivedMap<string>(limits)
  map.set('a', 'value', 1000)
  expect(map.get('a', 999)).toBeUndefined()
})

test('the oldest entry gives way where there is no more room', () => {
  const map = createShortLivedMap<string>(limits)
  map.set('a', 'first', 0)
  map.set('b', 'second', 1)
  map.set('a', 'first again', 2)
  map.set('c', 'third', 3)
  expect([map.get('a', 3), map.get('b', 3), map.get('c', 3)]).toEqual([
    'first again',
    undefined,
    'third',
  ])
  expect(map.size).toBe(2)
})

test('entries that outlived their time leave with the next one that comes', () => {
  const map = createShortLivedMap<string>({ ...limits, maxEntries: 10 })
  map.set('a', 'value', 0)
  map.set('b', 'value', 1)
  map.set('c', 'value', 5000)
  expect(map.size).toBe(2)
})

test('entries leave by what they hold, and all at once', () => {
  const map = createShortLivedMap<string>(limits)
  map.set('a', 'mine', 0)
  map.set('b', 'yours', 0)
  map.deleteWhere((value) => value === 'mine')
  expect([map.get('a', 0), map.get('b', 0)]).toEqual([undefined, 'yours'])
  map.clear()
  expect(map.size).toBe(0)
})
