import { readCost } from './cost.ts'
import type { postOperation } from './post-operation.ts'
import type { PriceQuestion } from './price-question.ts'
import { type Price, readPrice } from './price.ts'

/** The price of an operation that is not run; null where the gateway does not tell. Rejects where it can not be reached. */
export type AskPrice = (question: PriceQuestion, signal: AbortSignal) => Promise<Price | null>

/**
 * Asks the gateway for prices. Should something on the way drop the header that keeps an operation from running, it asks no
 * more; about a mutation it asks only once that header was heeded.
 */
export function createAskPrice(post: typeof postOperation): AskPrice {
  let header: 'untried' | 'heeded' | 'dropped' = 'untried'

  async function send(question: PriceQuestion, signal: AbortSignal): Promise<Price | null> {
    const headers = { ...question.headers, 'graphql-cost': 'validate' }
    const { result } = await post(question.operation, { key: question.key, headers }, signal)
    const verdict = readCost(result)?.verdict ?? null
    if (verdict !== null) header = 'heeded'
    else if (result.data !== undefined && result.data !== null) header = 'dropped'
    return readPrice(result)
  }

  return async (question, signal) => {
    if (question.changes === 'something') {
      if (header === 'untried') await send({ ...question, ...HARMLESS }, signal)
      return header === 'heeded' ? await send(question, signal) : null
    }
    return header === 'dropped' ? null : await send(question, signal)
  }
}

const HARMLESS = { operation: { query: '{ __typename }' }, changes: 'nothing' } as const
