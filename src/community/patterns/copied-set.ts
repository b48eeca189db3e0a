import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { ActContext, Asked } from '../../auth/act.ts'
import type { DB } from '../../database/tables.generated.ts'
import { inputInvalid } from '../../input-problems.ts'
import type { Measurements } from '../../measurements/definitions.ts'
import { isReadableSet, readSet } from '../measurement-sets/readable-set.ts'

/** An input's set to copy measurements from: absent, null, or the id of one that the caller may read. */
export async function copiedSetSchema(
  context: ActContext,
  asked: Asked,
): Promise<z.ZodType<string | null | undefined>> {
  const { measurementSet: id } = NAMED.parse(asked).input
  const isThere = id == null || (await isReadableSet(context.database.kysely, context, id))
  return z
    .string()
    .nullish()
    .refine(() => isThere, NO_SET)
}

const NAMED = z.object({ input: z.object({ measurementSet: z.string().nullish() }) })
const NO_SET = 'This names no measurement set that you may read.'

/** What a pattern takes over from a set. */
export interface CopiedSet {
  /** UUIDs of the set and of whose it is; null for a curated one. */
  readonly ids: { readonly setId: string; readonly accountId: string } | null
  /** The values that hold for it now, inherited ones included: millimetres and degrees. */
  readonly measurements: Measurements
}

/** The set with this id, which nobody changes until the transaction is through; null where there is none that the caller may read. */
export async function copySet(
  trx: Transaction<DB>,
  context: ActContext,
  id: string,
): Promise<CopiedSet | null> {
  // The language is of no matter: no name is copied.
  const set = await readSet(trx, context, { id, action: 'copy-measurements', language: 'en' })
  return set === null ? null : { ids: set.ids, measurements: set.content.measurements }
}

/**
 * As `copySet`, for an input that names one or none.
 * @throws {ApiError} INPUT_INVALID where the set is gone meanwhile
 */
export async function copyNamedSet(
  trx: Transaction<DB>,
  context: ActContext,
  id: string | null | undefined,
): Promise<CopiedSet | null> {
  if (id == null) return null
  const copied = await copySet(trx, context, id)
  if (copied !== null) return copied
  throw inputInvalid([{ code: 'INPUT_INVALID', path: 'input.measurementSet', message: NO_SET }])
}

/** UUID of the set that a pattern of the account names as its own: null where that is another’s or curated, and only copied. */
export function setToName(copied: CopiedSet | null, accountId: string): string | null {
  const ids = copied?.ids ?? null
  return ids?.accountId === accountId ? ids.setId : null
}
