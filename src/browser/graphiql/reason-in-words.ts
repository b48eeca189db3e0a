import { numberInWords, waitInWords } from './in-words.ts'
import type { Refusal } from './refusal.ts'

/** Why an operation that has a price would not run, and when it would. */
export function reasonInWords({ code, message, limit, retryAfterSeconds }: Refusal): string {
  if (code === 'COST_LIMIT_EXCEEDED' && limit !== null) {
    return `more than one operation may cost (${numberInWords(limit)})`
  }
  return retryAfterSeconds === null ? message : `not now, but in ${waitInWords(retryAfterSeconds)}`
}

/** What would help against the refusal; null where nobody knows. */
export function adviceInWords({ largestPage }: Refusal): string | null {
  if (largestPage === null) return null
  const { path, argument, value } = largestPage
  return `It would run with ${argument}: ${value} at ${path}.`
}
