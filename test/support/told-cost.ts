import type { HttpAnswer } from './http-request.ts'

/** What an answer says of its cost, in points. */
export interface ToldCost {
  readonly estimated: number | null
  readonly actual: number
  readonly refunded: number
  readonly verdict?: string
}

/** Of whatever was answered: data or a refusal. */
export function costOf({ body }: Pick<HttpAnswer, 'body'>): ToldCost {
  return JSON.parse(body).extensions.cost
}
