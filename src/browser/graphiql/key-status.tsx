import type { HeldKey } from './keyring.ts'

/** Who the gateway takes this tab for, in words. */
export function KeyStatus({ held }: { readonly held: HeldKey }) {
  return (
    <div className={`maat-key-status ${held.kind}`} role="status">
      <Sentence held={held} />
    </div>
  )
}

function Sentence({ held }: { readonly held: HeldKey }) {
  switch (held.kind) {
    case 'none':
      return <p>Without a key you read public data only.</p>
    case 'checking':
      return <p>Asking the gateway whose key this is…</p>
    case 'accepted':
      return (
        <p>
          You are <strong>{held.username}</strong>
          {held.role !== null && <>, with the role {held.role.toLowerCase()}</>}.
        </p>
      )
    case 'refused':
      return (
        <>
          <p>The gateway refused this key: {held.message}</p>
          <p>
            <code>{held.code}</code>
          </p>
        </>
      )
    case 'unreachable':
      return <p>{held.message}</p>
  }
}
