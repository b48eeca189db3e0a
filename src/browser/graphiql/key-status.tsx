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
  if (held.kind === 'none') return <p>Without a key you read public data only.</p>
  if (held.kind === 'checking') return <p>Asking the gateway whose key this is…</p>
  if (held.kind === 'unreachable') return <p>{held.message}</p>
  if (held.kind === 'refused') {
    return (
      <>
        <p>The gateway refused this key: {held.message}</p>
        <code>{held.code}</code>
      </>
    )
  }
  const role = held.role === null ? '' : `, with the role ${held.role.toLowerCase()}`
  return (
    <p>
      You are <strong>{held.username}</strong>
      {role}.
    </p>
  )
}
