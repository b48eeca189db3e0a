import { buildSchema } from 'graphql'

import type { Draft, PriceQuestion } from '../../src/browser/graphiql/price-question.ts'
import { createPriceWatch } from '../../src/browser/graphiql/price-watch.ts'
import type { Price } from '../../src/browser/graphiql/price.ts'

/** A watch under a hand-wound clock, whose drafts have a question unless they are empty. */
export function createPriceDesk() {
  const timers = new Set<{ atMs: number; run: () => void }>()
  const questions: { text: string; signal: AbortSignal; resolve: (price: Awaitable) => void }[] = []
  let nowMs = 0
  const watch = createPriceWatch({
    questionOf: (draft) => (draft.document === '' ? null : questionOf(draft)),
    ask: ({ operation }, signal) =>
      new Promise((resolve) => questions.push({ text: operation.query, signal, resolve })),
    after(delayMs, signal, run) {
      const timer = { atMs: nowMs + delayMs, run }
      timers.add(timer)
      signal.addEventListener('abort', () => timers.delete(timer))
    },
  })
  const desk = {
    known: watch.known.get,
    get asked() {
      return questions.map(({ text }) => text)
    },
    cancelled: () => questions.filter(({ signal }) => signal.aborted).map(({ text }) => text),
    write: (document: string, change: Partial<Draft> = {}) =>
      watch.look({ ...EMPTY, document, ...change }),
    elapse(ms: number) {
      nowMs += ms
      for (const timer of timers) {
        if (timer.atMs <= nowMs && timers.delete(timer)) timer.run()
      }
    },
    /** Answers the last question. */
    async answer(price: Awaitable) {
      questions.at(-1)?.resolve(price)
      await settled()
    },
    /** Writes, waits and answers. */
    async price(document: string, price: Price) {
      desk.write(document)
      desk.elapse(600)
      await desk.answer(price)
    },
  }
  return desk
}

type Awaitable = Price | null | Promise<null>

const EMPTY: Draft = {
  document: '',
  variables: '',
  headers: '',
  operationName: null,
  held: { kind: 'none' },
  schema: buildSchema('type Query { name: String }'),
}

function questionOf({ document, held }: Draft): PriceQuestion {
  const key = held.kind === 'none' ? null : held.key
  return { operation: { query: document }, changes: 'nothing', oneOf: null, key, headers: {} }
}

/** Everything that was only waiting for a promise has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
