import {
  useGraphiQL,
  useHeadersEditorState,
  useOperationsEditorState,
  useVariablesEditorState,
} from '@graphiql/react'
import { useLayoutEffect } from 'react'
import type { Keyring } from './keyring.ts'
import { useObservableValue } from './observable-value.ts'
import { priceInWords } from './price-in-words.ts'
import './price-line.css'
import type { KnownPrice, PriceWatch } from './price-watch.ts'
import { SaidTwice } from './said-twice.tsx'

export interface PriceLineParts {
  readonly watch: PriceWatch
  readonly keyring: Keyring
}

/** One line below the document in the editor: what it costs, before it runs. */
export function PriceLine({ watch, keyring }: PriceLineParts) {
  const [document] = useOperationsEditorState()
  const [variables] = useVariablesEditorState()
  const [headers] = useHeadersEditorState()
  const operationName = useGraphiQL((state) => state.operationName) ?? null
  const schema = useGraphiQL((state) => state.schema) ?? null
  const held = useObservableValue(keyring.held)

  // Before the next paint: no price shows beside a document that it is not the price of.
  useLayoutEffect(() => {
    watch.look({ document, variables, headers, operationName, held, schema })
  }, [watch, document, variables, headers, operationName, held, schema])

  return <Line known={useObservableValue(watch.known)} />
}

function Line({ known }: { readonly known: KnownPrice }) {
  if (known.kind !== 'known') {
    return <p className="maat-price">{known.kind === 'asking' ? '…' : ''}</p>
  }
  return (
    <p className={`maat-price ${known.price.kind}`}>
      <SaidTwice {...priceInWords(known.price, known.oneOf)} />
    </p>
  )
}
