import { createKeyRing } from '../../src/vault/key-ring.ts'
import { type Vault, createVault } from '../../src/vault/vault.ts'

/** A vault over fresh keys that lie in no file. */
export function testVault(): Vault {
  return createVault(createKeyRing())
}
