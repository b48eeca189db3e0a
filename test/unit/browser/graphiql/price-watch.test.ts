import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'

import type { Price } from '../../../../src/browser/graphiql/price.ts'
import { unexplained } from '../../../../src/browser/graphiql/refusal.ts'
import { createPriceDesk, settled } from '../../../support/price-desk.ts'

const NOTHING = { kind: 'nothing' }
const LIMITED = { ...unexplained('RATE_LIMITED'), retryAfterSeconds: 3 }

test('a draft is priced once it has rested for 600 ms', async () => {
  const desk = createPriceDesk()
  desk.write('{ a }')
  desk.elapse(599)
  expect(desk.asked).toEqual([])
  desk.elapse(1)
  expect(desk.known()).toEqual({ kind: 'asking' })
  await desk.answer(priced(21))
  expect(desk.known()).toEqual({ kind: 'known', oneOf: null, price: priced(21) })
})

test('a draft that is being written asks once, at its end', () => {
  const desk = createPriceDesk()
  for (let length = 1; length <= 20; length += 1) {
    desk.write('x'.repeat(length))
    desk.elapse(100)
  }
  desk.elapse(10_000)
  expect(desk.asked).toEqual(['x'.repeat(20)])
})

test('a change takes the price away at once', async () => {
  const desk = createPriceDesk()
  await desk.price('{ a }', priced(21))
  desk.write('{ ab }')
  expect(desk.known()).toEqual(NOTHING)
})

test('a change cancels the question, and its late answer is not shown', async () => {
  const desk = createPriceDesk()
  desk.write('{ a }')
  desk.elapse(600)
  desk.write('{ ab }')
  expect(desk.cancelled()).toEqual(['{ a }'])
  await desk.answer(priced(21))
  expect(desk.known()).toEqual(NOTHING)
})

test('the same draft again changes nothing', async () => {
  const desk = createPriceDesk()
  await desk.price('{ a }', priced(21))
  desk.write('{ a }')
  expect(desk.known()).toMatchObject({ kind: 'known' })
})

test('a text that comes back is not asked about again', async () => {
  const desk = createPriceDesk()
  await desk.price('{ a }', priced(21))
  await desk.price('{ ab }', priced(22))
  desk.write('{ a }')
  desk.elapse(600)
  await settled()
  expect(desk.known()).toMatchObject({ price: priced(21) })
  expect(desk.asked).toEqual(['{ a }', '{ ab }'])
})

test('under another key the same text is asked about again', async () => {
  const desk = createPriceDesk()
  await desk.price('{ a }', priced(21))
  desk.write('{ a }', { held: { kind: 'accepted', key: 'other', username: 'demo', role: null } })
  desk.elapse(600)
  expect(desk.asked).toEqual(['{ a }', '{ a }'])
})

test('under another schema the same text is asked about again', async () => {
  const desk = createPriceDesk()
  await desk.price('{ a }', priced(21))
  desk.write('{ a }', { schema: buildSchema('type Query { name: ID }') })
  desk.elapse(600)
  expect(desk.asked).toEqual(['{ a }', '{ a }'])
})

test('a refused text that comes back is asked about again', async () => {
  const desk = createPriceDesk()
  await desk.price('{ a }', refused(21))
  await desk.price('{ ab }', priced(22))
  desk.write('{ a }')
  desk.elapse(600)
  expect(desk.asked).toEqual(['{ a }', '{ ab }', '{ a }'])
})

test('a refusal that waiting lifts is shown for that long', async () => {
  const desk = createPriceDesk()
  await desk.price('{ a }', refused(21))
  desk.elapse(2999)
  expect(desk.known()).toMatchObject({ price: refused(21) })
  desk.elapse(1)
  expect(desk.known()).toMatchObject({ price: priced(21) })
  expect(desk.asked).toEqual(['{ a }'])
})

test('a lifted refusal without a price leaves nothing to show', async () => {
  const desk = createPriceDesk()
  await desk.price('{ a }', refused(null))
  desk.elapse(3000)
  expect(desk.known()).toEqual(NOTHING)
})

test('a refusal that was lifted says nothing about another draft', async () => {
  const desk = createPriceDesk()
  await desk.price('{ a }', refused(21))
  desk.write('')
  desk.elapse(3000)
  expect(desk.known()).toEqual(NOTHING)
})

test('a draft without a question asks nothing', async () => {
  const desk = createPriceDesk()
  desk.write('')
  desk.elapse(600)
  await settled()
  expect(desk.asked).toEqual([])
  expect(desk.known()).toEqual(NOTHING)
})

test.each([
  ['does not tell', () => Promise.resolve(null)],
  ['is out of reach', () => Promise.reject(new Error('unreachable'))],
])('a gateway that %s leaves nothing to show', async (_state, answer) => {
  const desk = createPriceDesk()
  desk.write('{ a }')
  desk.elapse(600)
  await desk.answer(answer())
  expect(desk.known()).toEqual(NOTHING)
})

function priced(points: number): Price {
  return { kind: 'runs', points }
}

function refused(points: number | null): Price {
  return { kind: 'refused', points, refusal: LIMITED }
}
