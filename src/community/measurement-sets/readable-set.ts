import { type Kysely, sql, type Transaction } from 'kysely'
import type { ActContext } from '../../auth/act.ts'
import { holds } from '../../auth/check-scope.ts'
import { record } from '../../auth/record.ts'
import type { DB, Language, Units } from '../../database/tables.generated.ts'
import { uuidOf } from '../../ids.ts'
import type { Measurements } from '../../measurements/definitions.ts'
import { ownOrPublic } from '../visible-rows.ts'
import { mergedWithBases } from './merged-set.ts'
import { openSet, type SetContent } from './sealed-set.ts'

/** A set as whoever copies from it finds it. */
export interface ReadSet {
  /** UUIDs of the set and of its owner; null for a curated set, which belongs to no account. */
  readonly ids: { readonly setId: string; readonly accountId: string } | null
  /** With inherited values. */
  readonly content: SetContent
  /** null where none are said: a curated set's. */
  readonly units: Units | null
}

type Reader = Pick<ActContext, 'principal'>

/**
 * The set that this id (`set_…` or `cur_…`) names, if the caller may copy from it: own, public, another's for staff as long as
 * its owner consents to measurements being processed, or curated, in this language; else null. The log of whoever owns it tells
 * what staff did with it, as it tells what staff read.
 */
export async function readSet(
  trx: Transaction<DB>,
  context: ActContext,
  { id, action, language }: ReadOf,
): Promise<ReadSet | null> {
  // Its base sets stay what they are to it until they are read: none of what it inherits is lost on the way.
  const set = await storedSet(trx, context, id)?.forShare('measurement_set').executeTakeFirst()
  if (set === undefined) return curatedSet(trx, id, language)
  const { vault, principal } = context
  const { account_id: accountId } = set
  if (accountId !== principal.accountId && holds(principal.standing, 'accounts:read')) {
    await record(trx, context, { accountId, action, subject: `set_${set.slug}` })
  }
  const content = openSet(vault, set)
  const own = content.measurements
  const measurements = await mergedWithBases(trx, vault, { own, baseId: set.base_set_id })
  return {
    ids: { setId: set.id, accountId },
    content: { ...content, measurements },
    units: set.units,
  }
}

interface ReadOf {
  readonly id: string
  /** What the log tells: `clone-measurement-set`. */
  readonly action: string
  readonly language: Language
}

/** Whether the id names a set that the caller may copy from. */
export async function isReadableSet(
  kysely: Kysely<DB>,
  reader: Reader,
  id: string,
): Promise<boolean> {
  const set = await storedSet(kysely, reader, id)?.executeTakeFirst()
  if (set !== undefined) return true
  return (await curatedSet(kysely, id, 'en')) !== null
}

function storedSet(kysely: Kysely<DB>, { principal }: Reader, id: string) {
  const uuid = uuidOf('set', id)
  if (uuid === null) return undefined
  const { standing, accountId } = principal
  const reader = { standing, me: sql`${accountId}::uuid` }
  const isVisible = ownOrPublic('measurement_set', reader, 'own-sets:read') ?? sql`true`
  return kysely
    .selectFrom('measurement_set')
    .innerJoin('account', 'account.id', 'measurement_set.account_id')
    .selectAll('measurement_set')
    .where('measurement_set.id', '=', uuid)
    .where('account.consent', '=', 'measurements')
    .where(sql<boolean>`(${isVisible})`)
}

/** A published curated set in this language, else in English. */
async function curatedSet(
  kysely: Kysely<DB>,
  id: string,
  language: Language,
): Promise<ReadSet | null> {
  const uuid = uuidOf('cur', id)
  if (uuid === null) return null
  const set = await kysely
    .selectFrom('curated_set')
    .select(['names', 'notes', 'image', 'measurements'])
    .where('id', '=', uuid)
    .where('publication', '=', 'published')
    .executeTakeFirst()
  if (set === undefined) return null
  // The table holds both to objects of texts, and its measurements are written by curators' acts alone.
  const { names, notes, measurements } = set as unknown as CuratedTexts
  return {
    ids: null,
    content: {
      name: names[language] ?? names.en,
      notes: notes[language] ?? notes.en ?? null,
      image: set.image,
      measurements,
    },
    units: null,
  }
}

interface CuratedTexts {
  readonly names: { readonly [language in Language]?: string } & { readonly en: string }
  readonly notes: { readonly [language in Language]?: string }
  readonly measurements: Measurements
}
