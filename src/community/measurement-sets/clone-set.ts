import { type Kysely, sql, type Transaction } from 'kysely'
import { v7 } from 'uuid'
import { z } from 'zod'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import type { DB, Language, Units } from '../../database/tables.generated.ts'
import { formatId, uuidOf } from '../../ids.ts'
import type { Measurements } from '../../measurements/definitions.ts'
import { consentingAccount } from '../consenting-account.ts'
import { nameSchema } from '../input.ts'
import { ownOrPublic } from '../visible-rows.ts'
import { mergedWithBases } from './merged-set.ts'
import { openSet, sealSet, type SetContent } from './sealed-set.ts'

export const cloneSetSchema = z.object({
  input: z.object({ of: z.string(), name: nameSchema.nullish() }),
})

/**
 * Makes a private copy of a set that the caller may read, own, public or curated, for the caller's own account: with all
 * values, inherited ones included, and based on nothing.
 */
export function cloneSet(
  context: ActContext,
  { input }: z.infer<typeof cloneSetSchema>,
): Promise<Outcome> {
  const { vault, clock } = context
  const accountId = accountOf(context)
  return transactOnce(context, input, async (trx) => {
    const owner = await consentingAccount(trx, accountId)
    if (owner === null) return problem('NotFound')
    const original =
      (await readableSet(trx, context, uuidOf('set', input.of))) ??
      (await curatedSet(trx, uuidOf('cur', input.of), owner))
    if (original === null) return problem('NotFound')
    const now = clock()
    const id = v7({ msecs: now.getTime() })
    const content = { ...original.content, name: input.name ?? original.content.name }
    await trx
      .insertInto('measurement_set')
      .values({
        id,
        account_id: accountId,
        ...sealSet(vault, { row: id, owner: accountId }, content),
        units: original.units,
        created_at: now,
        updated_at: now,
      })
      .execute()
    const subject = formatId('set', id)
    await record(trx, context, { accountId, action: 'clone-measurement-set', subject })
    return {
      type: 'CloneMeasurementSetPayload',
      rows: { measurementSet: id },
    }
  })
}

interface Original {
  /** With inherited values. */
  readonly content: SetContent
  readonly units: Units
}

async function readableSet(
  trx: Transaction<DB>,
  context: ActContext,
  id: string | null,
): Promise<Original | null> {
  if (id === null) return null
  const { vault, principal } = context
  const { standing, accountId } = principal
  const reader = { standing, me: sql`${accountId}::uuid` }
  const isVisible = ownOrPublic('measurement_set', reader, 'own-sets:read') ?? sql`true`
  const set = await trx
    .selectFrom('measurement_set')
    .selectAll()
    .where('id', '=', id)
    .where(sql<boolean>`(${isVisible})`)
    .executeTakeFirst()
  if (set === undefined) return null
  const content = openSet(vault, set)
  if (!set.public && set.account_id !== accountId) {
    const subject = `set_${set.slug}`
    const act = { accountId: set.account_id, action: 'clone-measurement-set', subject }
    await record(trx, context, act)
  }
  const own = content.measurements
  const measurements = await mergedWithBases(trx, vault, { own, baseId: set.base_set_id })
  return { content: { ...content, measurements }, units: set.units }
}

/** A curated set in the language of whoever copies it, else in English. */
async function curatedSet(
  kysely: Kysely<DB>,
  id: string | null,
  { language, units }: { readonly language: Language; readonly units: Units },
): Promise<Original | null> {
  if (id === null) return null
  const set = await kysely
    .selectFrom('curated_set')
    .select(['names', 'notes', 'image', 'measurements'])
    .where('id', '=', id)
    .where('publication', '=', 'published')
    .executeTakeFirst()
  if (set === undefined) return null
  // The table holds both to objects of texts, and its measurements are written by curators' acts alone.
  const { names, notes, measurements } = set as unknown as CuratedTexts
  return {
    content: {
      name: names[language] ?? names.en,
      notes: notes[language] ?? notes.en ?? null,
      image: set.image,
      measurements,
    },
    units,
  }
}

interface CuratedTexts {
  readonly names: { readonly [language in Language]?: string } & { readonly en: string }
  readonly notes: { readonly [language in Language]?: string }
  readonly measurements: Measurements
}
