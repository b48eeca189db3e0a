import type { FormattedExecutionResult } from 'graphql'
import { postOperation } from './post-operation.ts'

/** What the gateway says about a key. */
export type Identity =
  | { readonly kind: 'accepted'; readonly username: string; readonly role: string | null }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'unreachable'; readonly message: string }

/** Asks the gateway whose key this is. Never rejects. */
export async function identify(key: string): Promise<Identity> {
  try {
    const identity = await ask('{ me { username role } }', key)
    // A key of the lowest levels is good, but may not read its owner's role.
    if (identity.kind !== 'refused' || isUnknownKey(identity.code)) return identity
    return await ask('{ me { username } }', key)
  } catch (error) {
    return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) }
  }
}

async function ask(query: string, key: string): Promise<Identity> {
  const { result } = await postOperation({ query }, { key })
  return readAccount(result) ?? readRefusal(result)
}

export function isUnknownKey(code: string): boolean {
  return code === 'UNAUTHENTICATED' || code.startsWith('KEY_')
}

function readAccount({ data }: FormattedExecutionResult): Identity | null {
  const me = data?.['me']
  if (typeof me !== 'object' || me === null || !('username' in me)) return null
  const role = 'role' in me && typeof me.role === 'string' ? me.role : null
  return { kind: 'accepted', username: String(me.username), role }
}

function readRefusal({ errors }: FormattedExecutionResult): Identity {
  const code = errors?.[0]?.extensions?.['code']
  return {
    kind: 'refused',
    code: typeof code === 'string' ? code : 'UNKNOWN',
    message: errors?.[0]?.message ?? 'The gateway did not say whose key this is.',
  }
}
