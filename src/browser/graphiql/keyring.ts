import { identify, type Identity } from './identify.ts'
import { createObservableValue, type ObservableValue } from './observable-value.ts'

/** The key of this browser tab, and what the gateway says about it. */
export type HeldKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'checking'; readonly key: string }
  | (Identity & { readonly key: string })

export interface Keyring {
  readonly held: ObservableValue<HeldKey>
  /** The key to send; null without one. A refused key is sent too: its refusal is what the person has to see. */
  readonly key: () => string | null
  /** Holds this key from now on and asks whose it is. */
  readonly hold: (key: string) => void
  readonly drop: () => void
}

const ITEM = 'maat.api-key'

/** A keyring that outlives a reload, but not the tab. */
export function createKeyring(storage: Storage = sessionStorage): Keyring {
  const held = createObservableValue<HeldKey>({ kind: 'none' })
  const key = () => keyOf(held.get())

  async function check(candidate: string): Promise<void> {
    held.set({ kind: 'checking', key: candidate })
    const identity = await identify(candidate)
    // Another key may have come meanwhile.
    if (key() === candidate) held.set({ ...identity, key: candidate })
  }

  const stored = storage.getItem(ITEM)
  if (stored !== null) void check(stored)

  return {
    held,
    key,
    hold: (candidate) => {
      storage.setItem(ITEM, candidate)
      void check(candidate)
    },
    drop: () => {
      storage.removeItem(ITEM)
      held.set({ kind: 'none' })
    },
  }
}

export function keyOf(held: HeldKey): string | null {
  return held.kind === 'none' ? null : held.key
}
