import { expect, test } from 'vitest'

import { chargeInWords } from '../../../../src/browser/graphiql/charge-in-words.ts'
import { readCost } from '../../../../src/browser/graphiql/cost.ts'
import { unexplained } from '../../../../src/browser/graphiql/refusal.ts'

const COST = { estimated: 21, actual: 3, refunded: 18, remaining: 1979, resetSeconds: 1 }

test('a run says what it was charged of its estimate, and what is left', () => {
  expect(chargeInWords(cost({}), null)).toEqual({
    short: '3 points of 21 estimated · 1\u202F979 left',
    full: '21 points estimated before it ran; 3 points charged for what it did; 1\u202F979 points left in the smallest budget, full again in 1 s',
  })
})

test('a refusal says what it would have cost', () => {
  expect(chargeInWords(cost({ actual: 0 }), unexplained('COST_LIMIT_EXCEEDED'))).toEqual({
    short: '21 points estimated · 1\u202F979 left',
    full: '21 points estimated; 0 points charged; 1\u202F979 points left in the smallest budget, full again in 1 s',
  })
})

test('a refusal without a price names none', () => {
  const { short, full } = chargeInWords(
    cost({ estimated: null, actual: 0 }),
    unexplained('COST_LIMIT_EXCEEDED'),
  )
  expect(short).toBe('1\u202F979 left')
  expect(full).toMatch(/^0 points charged; /)
})

test('a refusal that waiting lifts says how long', () => {
  const refusal = { ...unexplained('RATE_LIMITED'), retryAfterSeconds: 4 }
  const { short, full } = chargeInWords(cost({ remaining: 7, actual: 0 }), refusal)
  expect(short).toBe('21 points estimated · 7 left · again in 4 s')
  expect(full).toMatch(/, full again in 1 s; again in 4 s$/)
})

test('a budget that is not known is not named', () => {
  const words = chargeInWords(cost({ remaining: null, resetSeconds: null }), null)
  expect(words).toEqual({
    short: '3 points of 21 estimated',
    full: '21 points estimated before it ran; 3 points charged for what it did',
  })
})

test('a full budget has nothing to wait for', () => {
  expect(chargeInWords(cost({ resetSeconds: 0 }), null).full).toMatch(/smallest budget$/)
})

test('an empty budget is named as such', () => {
  expect(chargeInWords(cost({ remaining: 0 }), null).short).toContain('· 0 left')
})

test('what a measuring gateway would refuse is told', () => {
  const words = chargeInWords(cost({ wouldRefuse: 'RATE_LIMITED' }), null)
  expect(words.short).toMatch(/ · would be refused: RATE_LIMITED$/)
  expect(words.full).toMatch(/; would be refused: RATE_LIMITED$/)
})

test('an answer that does not tell its cost has none', () => {
  expect(readCost({ data: null })).toBeNull()
  expect(readCost({ data: null, extensions: { cost: 21 } })).toBeNull()
})

function cost(change: Readonly<Record<string, unknown>>) {
  const read = readCost({ data: {}, extensions: { cost: { ...COST, ...change } } })
  if (read === null) throw new Error('There is a cost to read')
  return read
}
