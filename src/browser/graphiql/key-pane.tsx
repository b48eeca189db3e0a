import { type ClipboardEvent, type FormEvent, useState } from 'react'
import './key-pane.css'
import { KeyStatus } from './key-status.tsx'
import { keyOf, type Keyring } from './keyring.ts'
import { useObservableValue } from './observable-value.ts'

/** Where a key is pasted, shown, judged and dropped. */
export function KeyPane({ keyring }: { readonly keyring: Keyring }) {
  const held = useObservableValue(keyring.held)
  const [text, setText] = useState(keyOf(held) ?? '')
  const [revealed, setRevealed] = useState(false)

  function hold(candidate: string): void {
    const key = candidate.trim()
    setText(key)
    if (key === '') keyring.drop()
    else keyring.hold(key)
  }

  function onPaste(event: ClipboardEvent): void {
    event.preventDefault()
    hold(event.clipboardData.getData('text'))
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    hold(text)
  }

  return (
    <section className="maat-key" aria-label="API key">
      <h2>API key</h2>
      <p>
        Every request of this browser tab carries it as <code>Authorization: Bearer</code>. It stays
        in the tab and goes when you close it.
      </p>
      <form onSubmit={onSubmit}>
        <label htmlFor="maat-key">Key</label>
        <div className="maat-key-field">
          <input
            id="maat-key"
            type={revealed ? 'text' : 'password'}
            value={text}
            placeholder="maat_sk_…"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            onChange={(event) => setText(event.currentTarget.value)}
            onPaste={onPaste}
          />
          <button
            type="button"
            className="graphiql-button"
            aria-label={revealed ? 'Hide key' : 'Show key'}
            onClick={() => setRevealed(!revealed)}
          >
            {revealed ? 'Hide' : 'Show'}
          </button>
        </div>
        <div className="maat-key-actions">
          <button
            type="submit"
            className="graphiql-button maat-primary"
            disabled={text.trim() === ''}
          >
            Use key
          </button>
          <button
            type="button"
            className="graphiql-button"
            disabled={held.kind === 'none'}
            onClick={() => hold('')}
          >
            Forget key
          </button>
        </div>
      </form>
      <KeyStatus held={held} />
    </section>
  )
}
