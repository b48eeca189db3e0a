import { createHmac } from 'node:crypto'

import { type Kysely, sql } from 'kysely'

import type { DB } from '../database/tables.generated.ts'
import { type KeyRing, PURPOSES, type Purpose } from './key-ring.ts'

/** known: the database has met every key in use; fresh: it has not met these; the others: this ring is not its own. */
export type RingVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'fresh'; readonly prints: readonly Fingerprint[] }
  | { readonly kind: 'lacks'; readonly purpose: Purpose; readonly keyId: string }
  | { readonly kind: 'differs'; readonly purpose: Purpose; readonly keyId: string }

export interface Fingerprint {
  readonly purpose: Purpose
  readonly key_id: string
  /** HMAC-SHA-256 of purpose and id under the key: tells keys apart and says nothing about them. */
  readonly fingerprint: Buffer
}

/**
 * What the fingerprints in a database say about a ring. A retired key that the database has not met is nothing new: it was
 * forgotten there, and must not come back by way of a file that was read before.
 */
export function compareRing(ring: KeyRing, recorded: readonly Fingerprint[]): RingVerdict {
  const own = new Map(fingerprintsOf(ring).map((print) => [nameOf(print), print]))
  for (const print of recorded) {
    const { purpose, key_id: keyId } = print
    const match = own.get(nameOf(print))
    if (match === undefined) return { kind: 'lacks', purpose, keyId }
    if (!match.fingerprint.equals(print.fingerprint)) return { kind: 'differs', purpose, keyId }
    own.delete(nameOf(print))
  }
  const prints = [...own.values()].filter(({ purpose, key_id: id }) => id === ring[purpose].current)
  return prints.length === 0 ? { kind: 'known' } : { kind: 'fresh', prints }
}

/**
 * The verdict on a ring, after which the database knows every key in use where it is the right one. Of two gateways that
 * bring different key files to an empty database one is refused: the second waits, then compares.
 */
export async function recordRing(db: Kysely<DB>, ring: KeyRing): Promise<RingVerdict> {
  const verdict = compareRing(ring, await recordedFingerprints(db))
  if (verdict.kind !== 'fresh') return verdict
  return db.transaction().execute(async (transaction) => {
    await sql`lock table vault_key in share row exclusive mode`.execute(transaction)
    const settled = compareRing(ring, await recordedFingerprints(transaction))
    if (settled.kind === 'fresh') {
      await transaction
        .insertInto('vault_key')
        .values([...settled.prints])
        .execute()
    }
    return settled
  })
}

/** Every key that sealed or digested anything in this database. */
export async function recordedFingerprints(db: Kysely<DB>): Promise<readonly Fingerprint[]> {
  return db.selectFrom('vault_key').select(['purpose', 'key_id', 'fingerprint']).execute()
}

function fingerprintsOf(ring: KeyRing): Fingerprint[] {
  return PURPOSES.flatMap((purpose) =>
    [...ring[purpose].keys].map(([id, key]) => ({
      purpose,
      key_id: id,
      fingerprint: createHmac('sha256', key).update(`maat fingerprint/${purpose}/${id}`).digest(),
    })),
  )
}

function nameOf(print: Fingerprint): string {
  return `${print.purpose}/${print.key_id}`
}
