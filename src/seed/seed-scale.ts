import type { Kysely } from 'kysely'

import type { DB } from '../database/tables.generated.ts'
import type { Vault } from '../vault/vault.ts'
import { type Place, generateAccount, generatePattern, generateSet } from './generated.ts'
import { createRandom } from './random.ts'
import { type Rows, accountRow, insertRows, patternRow, setRow } from './rows.ts'
import { createZipf } from './zipf.ts'

/** How much to generate. Equal numbers and seeds give equal rows, but for ids, sealing and what follows from them. */
export interface Scale {
  /** At least 1: sets and patterns need owners. */
  readonly accounts: number
  readonly sets: number
  readonly patterns: number
  readonly randomSeed: number
}

export type ScaleProgress = (rows: number, total: number) => void

export interface ScaleOptions {
  readonly scale: Scale
  readonly onProgress?: ScaleProgress | undefined
}

/** Stores generated accounts, sets and patterns beside what is there. Keeps the ids of the sets in memory, not the rows. */
export async function insertScale(
  db: Kysely<DB>,
  vault: Vault,
  { scale, onProgress = () => {} }: ScaleOptions,
): Promise<void> {
  const { accounts, sets, patterns, randomSeed } = scale
  const total = accounts + sets + patterns
  let stored = 0
  const insert: Insert = async (table, count, makeRow) => {
    for (let start = 0; start < count; start += BATCH_ROWS) {
      const length = Math.min(BATCH_ROWS, count - start)
      const rows = Array.from({ length }, (_, offset) =>
        makeRow({ index: start + offset, count, randomSeed }),
      )
      await insertRows(db, table, rows)
      stored += length
      onProgress(stored, total)
    }
  }
  const store = { vault, insert }
  const pickOwner = await storeAccounts(store, accounts)
  const owned = await storeSets(store, sets, pickOwner)
  await storePatterns(store, patterns, { pickOwner, sets: owned })
}

interface Store {
  readonly vault: Vault
  readonly insert: Insert
}

/** Stores this many rows, made one after the other in the order of their places. */
type Insert = <T extends keyof Rows>(
  table: T,
  count: number,
  makeRow: (at: Place) => Rows[T],
) => Promise<void>

interface OwnedSet {
  readonly id: string
  readonly accountId: string
  readonly kind: 'whole' | 'based'
}

/** The id of an account for a row that has none yet: a few accounts come up often, most of them rarely. */
type PickOwner = (salt: number, at: Place) => string

const BATCH_ROWS = 1000
/** Of 10 000 accounts the first owns some 4 % of all, the lower half together some 15 %. */
const SKEW = 0.8
const SALT = { setOwner: 4, setKind: 5, patternSet: 6, patternOwner: 7 }

async function storeAccounts({ vault, insert }: Store, count: number): Promise<PickOwner> {
  const ids: string[] = []
  await insert('account', count, (at) => {
    const row = accountRow(vault, generateAccount(at))
    ids.push(row.id)
    return row
  })
  const pickRank = createZipf(count, SKEW)
  return (salt, { randomSeed, index }) => {
    const id = ids[pickRank(createRandom(randomSeed, salt, index).next())]
    if (id === undefined) throw new Error('There is no account to own anything.')
    return id
  }
}

async function storeSets(
  { vault, insert }: Store,
  count: number,
  pickOwner: PickOwner,
): Promise<readonly OwnedSet[]> {
  const sets: OwnedSet[] = []
  const lastWhole = new Map<string, string>()
  await insert('measurement_set', count, (at) => {
    const accountId = pickOwner(SALT.setOwner, at)
    const mayBeBased = createRandom(at.randomSeed, SALT.setKind, at.index).chance(0.06)
    const baseSetId = mayBeBased ? (lastWhole.get(accountId) ?? null) : null
    const kind = baseSetId === null ? 'whole' : 'based'
    const row = setRow(vault, { ...generateSet(at, kind), accountId, baseSetId })
    sets.push({ id: row.id, accountId, kind })
    if (kind === 'whole') lastWhole.set(accountId, row.id)
    return row
  })
  return sets
}

async function storePatterns(
  { vault, insert }: Store,
  count: number,
  { pickOwner, sets }: { readonly pickOwner: PickOwner; readonly sets: readonly OwnedSet[] },
): Promise<void> {
  await insert('pattern', count, (at) => {
    const random = createRandom(at.randomSeed, SALT.patternSet, at.index)
    const index = random.below(sets.length)
    const set = random.chance(0.9) ? sets[index] : undefined
    if (set === undefined) {
      const accountId = pickOwner(SALT.patternOwner, at)
      return patternRow(vault, { ...generatePattern(at, {}), accountId, setId: null })
    }
    // The set's own measurements, made again: they are the same, and need not be kept.
    const { measurements } = generateSet({ ...at, index, count: sets.length }, set.kind)
    const { accountId, id } = set
    return patternRow(vault, { ...generatePattern(at, measurements), accountId, setId: id })
  })
}
