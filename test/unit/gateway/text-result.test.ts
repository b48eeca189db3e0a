import { expect, test } from 'vitest'

import { printResult, textResult } from '../../../src/gateway/text-result.ts'

test('the text of the data is printed untouched', () => {
  expect(printResult(textResult('{"chest": 1.50}'))).toBe('{"data":{"chest": 1.50}}')
})

test('extensions follow the data', () => {
  const result = { ...textResult('{"a":1}'), extensions: { cost: { actual: 1 } } }
  expect(result.stringify(result)).toBe('{"data":{"a":1},"extensions":{"cost":{"actual":1}}}')
})
