import type { GraphiQLPlugin } from '@graphiql/react'
import { KeyPane } from './key-pane.tsx'
import type { Keyring } from './keyring.ts'
import { useObservableValue } from './observable-value.ts'

/** The sidebar's tab for the API key. Its icon tells whether a key is held, and whether it is good. */
export function createKeyPlugin(keyring: Keyring): GraphiQLPlugin {
  return {
    title: 'API key',
    icon: () => <KeyIcon kind={useObservableValue(keyring.held).kind} />,
    content: () => <KeyPane keyring={keyring} />,
  }
}

function KeyIcon({ kind }: { readonly kind: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5">
      <circle cx="8" cy="15.5" r="4.5" />
      <path d="M11.2 12.3 20 3.5M16 7.5l3 3M13 10.5l2 2" strokeLinecap="round" />
      {kind !== 'none' && <circle className={`maat-key-mark ${kind}`} cx="19" cy="19" r="3.5" />}
    </svg>
  )
}
