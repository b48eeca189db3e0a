import { expect, test } from 'vitest'

import { apiError, type Problem } from '../../src/errors.ts'

test('a refusal names 100 problems at most, the first ones', () => {
  const problems = Array.from({ length: 101 }, (_, i): Problem => ({
    code: 'INPUT_INVALID',
    message: `Problem ${i}`,
  }))
  expect(apiError('INPUT_INVALID', { problems }).extensions['problems']).toEqual(
    problems.slice(0, 100),
  )
})

test('a refusal without problems says nothing of any', () => {
  expect(apiError('INTERNAL').extensions).toEqual({ code: 'INTERNAL' })
})
