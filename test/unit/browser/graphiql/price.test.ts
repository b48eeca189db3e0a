import type { FormattedExecutionResult } from 'graphql'
import { expect, test } from 'vitest'

import { priceInWords } from '../../../../src/browser/graphiql/price-in-words.ts'
import { readPrice } from '../../../../src/browser/graphiql/price.ts'

const MESSAGE = 'The operation costs more than one operation may.'
const TOO_DEAR = { code: 'COST_LIMIT_EXCEEDED', message: MESSAGE }

test('an operation that would run has its price', () => {
  expect(words(answered(21, 'RUN'))).toEqual({
    short: 'Price: 21 points',
    full: 'Price: 21 points at most. A run is charged for what it really does.',
  })
})

test('one of several operations is named', () => {
  const price = readPrice(answered(1, 'RUN'))
  expect(price && priceInWords(price, 'Sets').short).toBe('Price of Sets: 1 point')
})

test('an operation that would be refused has its price and the reason', () => {
  expect(words(answered(5000, 'COST_LIMIT_EXCEEDED', TOO_DEAR))).toEqual({
    short: `Price: 5\u202F000 points. ${MESSAGE}`,
    full: `Price: 5\u202F000 points. ${MESSAGE} (COST_LIMIT_EXCEEDED)`,
  })
})

test('a verdict that nobody explains is shown as its code', () => {
  expect(words(answered(21, 'RATE_LIMITED'))?.short).toBe('Price: 21 points. RATE_LIMITED')
})

test('an operation that is refused before it has a price has the reason alone', () => {
  const message = 'Present a valid API key or session.'
  const refusal = { code: 'UNAUTHENTICATED', message }
  const short = `No price: ${message}`
  expect(words(answered(null, 'UNAUTHENTICATED', refusal))?.short).toBe(short)
  const refused = { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] }
  expect(words(refused)).toEqual({ short, full: `${short} (UNAUTHENTICATED)` })
})

test('an operation that was executed instead has no price', () => {
  expect(readPrice(answered(21, undefined))).toBeNull()
  expect(readPrice({ data: { me: null } })).toBeNull()
})

function answered(
  estimated: number | null,
  verdict: string | undefined,
  refusal?: Readonly<Record<string, unknown>>,
): FormattedExecutionResult {
  return { data: null, extensions: { cost: { estimated, actual: 0, verdict }, refusal } }
}

function words(result: FormattedExecutionResult) {
  const price = readPrice(result)
  return price && priceInWords(price, null)
}
