import type { Fetcher } from '@graphiql/toolkit'
import type { Keyring } from './keyring.ts'
import type { ObservableValue } from './observable-value.ts'
import { introspected } from './introspected.ts'
import { type Answer, postOperation } from './post-operation.ts'

/** Runs what GraphiQL asks for with the key of the tab, and keeps the last answer for `AnswerSummary`. */
export function createFetcher(
  keyring: Keyring,
  lastAnswer: ObservableValue<Answer | null>,
): Fetcher {
  return async (operation, options) => {
    if (operation.operationName === 'IntrospectionQuery') return { data: introspected() }
    lastAnswer.set(null)
    const headers = options?.headers ?? {}
    const answer = await postOperation(operation, { key: keyring.key(), headers })
    lastAnswer.set(answer)
    return answer.result
  }
}
