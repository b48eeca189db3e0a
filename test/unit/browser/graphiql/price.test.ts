import type { FormattedExecutionResult } from 'graphql'
import { expect, test } from 'vitest'

import { priceInWords } from '../../../../src/browser/graphiql/price-in-words.ts'
import { readPrice } from '../../../../src/browser/graphiql/price.ts'

const MESSAGE = 'The operation can cost 5000 points; one operation may cost 1000.'
const TOO_DEAR = {
  code: 'COST_LIMIT_EXCEEDED',
  message: MESSAGE,
  limit: 1000,
  largestPage: { path: 'me.patterns', argument: 'first', value: 19 },
  retryAfterSeconds: null,
}

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

test('an operation that is too dear has its price, the limit, and the page that would do', () => {
  expect(words(answered(5000, 'COST_LIMIT_EXCEEDED', TOO_DEAR))).toEqual({
    short: 'Price: 5\u202F000 points: more than one operation may cost (1\u202F000)',
    full: `Price: 5\u202F000 points. ${MESSAGE} It would run with first: 19 at me.patterns. (COST_LIMIT_EXCEEDED)`,
  })
})

test('an operation that no smaller page makes cheap enough has no advice', () => {
  const refusal = { ...TOO_DEAR, largestPage: null }
  expect(words(answered(5000, 'COST_LIMIT_EXCEEDED', refusal))?.full).toBe(
    `Price: 5\u202F000 points. ${MESSAGE} (COST_LIMIT_EXCEEDED)`,
  )
})

test('an operation that the budget does not pay now says when it does', () => {
  const message = 'The budget holds 14 of 200.'
  const refusal = { code: 'RATE_LIMITED', message, limit: 200, retryAfterSeconds: 3 }
  expect(words(answered(21, 'RATE_LIMITED', refusal))).toEqual({
    short: 'Price: 21 points: not now, but in 3 s',
    full: `Price: 21 points. ${message} (RATE_LIMITED)`,
  })
})

test('a verdict that nobody explains is shown as its code', () => {
  expect(words(answered(21, 'RATE_LIMITED'))?.short).toBe('Price: 21 points: RATE_LIMITED')
})

test('an operation that is refused before it has a price has the reason alone', () => {
  const message = 'Present a valid API key or session.'
  const refusal = { code: 'UNAUTHENTICATED', message }
  const short = `No price: ${message}`
  expect(words(answered(null, 'UNAUTHENTICATED', refusal))?.short).toBe(short)
  const refused = { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] }
  expect(words(refused)).toEqual({ short, full: `${short} (UNAUTHENTICATED)` })
})

test('of several problems the first is told, for it says more than their sum', () => {
  const message = 'first is 0; a page holds 1 to 100 items.'
  const problems = [{ code: 'PAGE_SIZE_INVALID', message }, { message: 'another' }]
  const refusal = { code: 'PAGE_SIZE_INVALID', message: 'A page size is out of bounds.', problems }
  expect(words(answered(null, 'PAGE_SIZE_INVALID', refusal))?.short).toBe(`No price: ${message}`)
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
