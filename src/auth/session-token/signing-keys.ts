import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { Vault } from '../../vault/vault.ts'

export interface SigningKey {
  /** Id of the key, as a token's `kid` names it. */
  readonly id: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export interface SigningKeys {
  /** The key that signs from now on. */
  readonly current: () => SigningKey
  /** The key with this id; null where there is none, or no longer. */
  readonly find: (id: string) => SigningKey | null
  /** All of them, oldest first. */
  readonly all: () => readonly SigningKey[]
}

/** The Ed25519 keys of the vault's session keys: each of those is the seed of one. */
export function createSigningKeys(vault: Pick<Vault, 'sessionKeys'>): SigningKeys {
  const made = new Map<string, SigningKey>()

  function keyOf(id: string, seed: Buffer): SigningKey {
    const known = made.get(id)
    if (known !== undefined) return known
    const der = Buffer.concat([PKCS8_PREFIX, seed])
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    const key = { id, privateKey, publicKey: createPublicKey(privateKey) }
    made.set(id, key)
    return key
  }

  function find(id: string): SigningKey | null {
    const seed = vault.sessionKeys(id).keys.get(id)
    return seed === undefined ? null : keyOf(id, seed)
  }

  return {
    current() {
      const { current, keys } = vault.sessionKeys()
      const seed = keys.get(current)
      if (seed === undefined) throw new Error('The session key in use is not in the ring.')
      return keyOf(current, seed)
    },
    find,
    all: () => [...vault.sessionKeys().keys].map(([id, seed]) => keyOf(id, seed)),
  }
}

/** What stands before the 32 bytes of the seed. @see https://www.rfc-editor.org/rfc/rfc8410 */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
