import { tryParseJSONC } from '@graphiql/react'
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql'
import { AnswerSummary } from './answer-summary.tsx'
import { createAskPrice } from './ask-price.ts'
import defaultDocument from './default.graphql?raw'
import { createFetcher } from './fetcher.ts'
import { createKeyPlugin } from './key-plugin.tsx'
import type { Keyring } from './keyring.ts'
import type { ObservableValue } from './observable-value.ts'
import { type Answer, postOperation } from './post-operation.ts'
import { PriceLine } from './price-line.tsx'
import { priceQuestion } from './price-question.ts'
import { createPriceWatch } from './price-watch.ts'

/** GraphiQL with a tab for the key, a line about the price of the document and lines about the last answer. */
export function createPage(keyring: Keyring, lastAnswer: ObservableValue<Answer | null>) {
  const plugins = [createKeyPlugin(keyring), HISTORY_PLUGIN]
  const fetcher = createFetcher(keyring, lastAnswer)
  const watch = createPriceWatch({
    questionOf: (draft) => priceQuestion(draft, tryParseJSONC),
    ask: createAskPrice(postOperation),
    after: startTimer,
  })
  // GraphiQL can keep request headers in localStorage, where a key would outlive the tab: that choice is not offered.
  return () => (
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      schemaDescription
      inputValueDeprecation
      defaultQuery={defaultDocument}
      showPersistHeadersSettings={false}
      shouldPersistHeaders={false}
    >
      <GraphiQL.Logo>Maat</GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, merge, copy }) => (
          <>
            {prettify}
            {merge}
            {copy}
            <PriceLine watch={watch} keyring={keyring} />
          </>
        )}
      </GraphiQL.Toolbar>
      <GraphiQL.Footer>
        <AnswerSummary answer={lastAnswer} />
      </GraphiQL.Footer>
    </GraphiQL>
  )
}

function startTimer(delayMs: number, signal: AbortSignal, run: () => void): void {
  const timer = setTimeout(run, delayMs)
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
}
