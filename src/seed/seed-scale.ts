import type { Kysely } from 'kysely'

import type { DB } from '../database/tables.generated.ts'
import type { Vault } from '../vault/vault.ts'
import { generateAccount, generatePattern, generateSet } from './generated.ts'
import { createRandom } from './random.ts'
import { accountRow, insertRows, patternRow, setRow } from './rows.ts'
import { createZipf } from './zipf.ts'

/** How much to generate. Equal numbers and seeds give equal rows, but for ids, sealing and what follows from them. */
export interface Scale {
  readonly accounts: number
  readonly sets: number
  readonly patterns: number
  readonly randomSeed: number
}

export type ScaleProgress = (rows: number, total: number) => void

const BATCH_ROWS = 1000
/** Some accounts own thousands of sets, most own a few: what pages and quotas meet in the field. */
const SKEW = 0.8

/** Stores generated accounts, sets and patterns beside what is there. Bounded in memory by the ids of the sets. */
export async function insertScale(
  db: Kysely<DB>,
  vault: Vault,
  scale: Scale,
  onProgress: ScaleProgress = () => {},
): Promise<void> {
  const { randomSeed } = scale
  const total = scale.accounts + scale.sets + scale.patterns
  let stored = 0
  const onBatch = (rows: number): void => {
    stored += rows
    onProgress(stored, total)
  }
  const pickOwner = createZipf(scale.accounts, SKEW)
  const ownerFor = (kind: number, index: number): string => {
    const rank = pickOwner(createRandom(randomSeed, kind, index).next())
    return itemAt(accountIds, rank)
  }

  const accountIds: string[] = []
  for (const range of batches(scale.accounts)) {
    const rows = range.map((index) =>
      accountRow(vault, generateAccount({ index, count: scale.accounts, randomSeed })),
    )
    accountIds.push(...rows.map(({ id }) => id))
    await insertRows(db, 'account', rows)
    onBatch(rows.length)
  }

  const sets: { id: string; accountId: string; kind: 'whole' | 'based' }[] = []
  const wholeSets = new Map<string, string>()
  for (const range of batches(scale.sets)) {
    const rows = range.map((index) => {
      const accountId = ownerFor(4, index)
      const base = wholeSets.get(accountId) ?? null
      const kind =
        base !== null && createRandom(randomSeed, 5, index).chance(0.06) ? 'based' : 'whole'
      const content = generateSet({ index, count: scale.sets, randomSeed }, kind)
      const row = setRow(vault, {
        ...content,
        accountId,
        baseSetId: kind === 'based' ? base : null,
      })
      sets.push({ id: row.id, accountId, kind })
      if (kind === 'whole') wholeSets.set(accountId, row.id)
      return row
    })
    await insertRows(db, 'measurement_set', rows)
    onBatch(rows.length)
  }

  for (const range of batches(scale.patterns)) {
    const rows = range.map((index) => {
      const random = createRandom(randomSeed, 6, index)
      const setIndex = random.below(sets.length)
      const set = random.chance(0.9) ? sets[setIndex] : undefined
      const measurements =
        set === undefined
          ? {}
          : generateSet({ index: setIndex, count: scale.sets, randomSeed }, set.kind).measurements
      return patternRow(vault, {
        ...generatePattern({ index, count: scale.patterns, randomSeed }, measurements),
        accountId: set?.accountId ?? ownerFor(7, index),
        setId: set?.id ?? null,
      })
    })
    await insertRows(db, 'pattern', rows)
    onBatch(rows.length)
  }
}

function* batches(count: number): Generator<number[]> {
  for (let start = 0; start < count; start += BATCH_ROWS) {
    yield Array.from({ length: Math.min(BATCH_ROWS, count - start) }, (_, offset) => start + offset)
  }
}

function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new Error(`There is no item ${index} of ${items.length}.`)
  return item
}
