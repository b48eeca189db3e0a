import type { Kysely } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import type { Measurements } from '../../measurements/definitions.ts'
import type { Vault } from '../../vault/vault.ts'
import { baseSetsOf } from './base-sets.ts'
import { mergedMeasurements } from './measurements-input.ts'
import { openSet } from './sealed-set.ts'

/** The values that hold for a set: its own, then those of the set that it is based on, and so on. */
export async function mergedWithBases(
  kysely: Kysely<DB>,
  vault: Vault,
  { own, baseId }: { readonly own: Measurements; readonly baseId: string | null },
): Promise<Measurements> {
  const bases = await baseSetsOf(kysely, baseId)
  return mergedMeasurements([own, ...bases.map((base) => openSet(vault, base).measurements)])
}
