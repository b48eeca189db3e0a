import { expect, test } from 'vitest'
import { OpenedLabels } from '../../../src/vault/opened-labels.ts'

function labels() {
  let now = 0
  const opened = new OpenedLabels(() => now)
  return {
    opened,
    pass: (ms: number): void => {
      now += ms
      // Time is looked at once in a while.
      for (let i = 0; i < 1_024; i += 1) opened.get('nothing', 'nowhere')
    },
  }
}

test('a label is remembered for the place where it opened, and for no other', () => {
  const { opened } = labels()
  opened.set('f1.sealed', 'here', 'Robin')
  expect(opened.get('f1.sealed', 'here')).toBe('Robin')
  expect(opened.get('f1.sealed', 'there')).toBeUndefined()
  expect(opened.get('f1.other', 'here')).toBeUndefined()
})

test('labels are forgotten after ten minutes, also those in use', () => {
  const { opened, pass } = labels()
  opened.set('f1.sealed', 'here', 'Robin')
  pass(599_999)
  expect(opened.get('f1.sealed', 'here')).toBe('Robin')
  pass(1)
  expect(opened.get('f1.sealed', 'here')).toBeUndefined()
})

test('a hundred thousand are remembered at most', () => {
  const { opened } = labels()
  for (let i = 0; i <= 100_000; i += 1) opened.set(`f1.${i}`, 'here', 'Robin')
  expect(opened.get('f1.99999', 'here')).toBe('Robin')
  expect(opened.get('f1.100000', 'here')).toBeUndefined()
})
