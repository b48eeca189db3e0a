import { expect, test } from 'vitest'

import { IntrospectionAnswers } from '../../../../src/schema/plan/introspection-answers.ts'

const answer = (text: string) => ({ text, objects: 1 })

test('an answer is found by its question, and an answer that is too large as well', () => {
  const answers = new IntrospectionAnswers(100)
  answers.remember('small', answer('1'))
  answers.remember('large', null)
  expect(answers.get('small')).toEqual(answer('1'))
  expect(answers.get('large')).toBe(null)
  expect(answers.get('other')).toBe(undefined)
  expect(answers.characters).toBe('small1large'.length)
})

test('the answer that was asked for least recently makes room', () => {
  const answers = new IntrospectionAnswers(30)
  answers.remember('a', answer('x'.repeat(9)))
  answers.remember('b', answer('x'.repeat(9)))
  answers.get('a')
  answers.remember('c', answer('x'.repeat(19)))
  expect(answers.get('b')).toBe(undefined)
  expect(answers.get('a')).toBeDefined()
  expect(answers.characters).toBe(30)
})

test('an answer that is larger than all there is room for pushes nothing out', () => {
  const answers = new IntrospectionAnswers(30)
  answers.remember('a', answer('x'))
  answers.remember('b', answer('x'.repeat(30)))
  expect(answers.get('a')).toBeDefined()
  expect(answers.get('b')).toBe(undefined)
})
