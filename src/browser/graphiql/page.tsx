import { GraphiQL, HISTORY_PLUGIN } from 'graphiql'
import { AnswerSummary } from './answer-summary.tsx'
import defaultDocument from './default.graphql?raw'
import { createFetcher } from './fetcher.ts'
import { createKeyPlugin } from './key-plugin.tsx'
import type { Keyring } from './keyring.ts'
import type { ObservableValue } from './observable-value.ts'
import type { Answer } from './post-operation.ts'

/** GraphiQL with a tab for the key and a line about the last answer. */
export function createPage(keyring: Keyring, lastAnswer: ObservableValue<Answer | null>) {
  const plugins = [createKeyPlugin(keyring), HISTORY_PLUGIN]
  const fetcher = createFetcher(keyring, lastAnswer)
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
      <GraphiQL.Footer>
        <AnswerSummary answer={lastAnswer} />
      </GraphiQL.Footer>
    </GraphiQL>
  )
}
