import type { Kysely } from 'kysely'

import type { DB } from '../database/tables.generated.ts'
import { type Measurements, measuredBits } from '../measurements/definitions.ts'
import type { Vault } from '../vault/vault.ts'
import {
  DEMO_ACCOUNTS,
  DEMO_BOOKMARKS,
  DEMO_PATTERNS,
  DEMO_SETS,
  DEMO_USERNAME,
  type DemoSet,
} from './demo-people.ts'
import { MODELS, modelOf } from './models.ts'
import { accountRow, idAt, insertRows, patternRow, setRow } from './rows.ts'

/** When the seed's world begins. Fixed, so that what it makes is the same everywhere. */
export const SEED_EPOCH = new Date('2025-01-01T00:00:00Z')

/** Stores the demo accounts with their sets, patterns and bookmarks, and the models as published curated sets. */
export async function insertDemo(db: Kysely<DB>, vault: Vault): Promise<void> {
  const accounts = DEMO_ACCOUNTS.map((account, index) =>
    accountRow(vault, {
      ...account,
      status: 'active',
      consent: 'measurements',
      units: 'metric',
      createdAt: minutesIn(index),
    }),
  )
  await insertRows(db, 'account', accounts)
  await insertCuratedSets(db, idOf(accounts, 'curator'))
  const owner = idOf(accounts, DEMO_USERNAME)
  await insertSetsAndPatterns(db, vault, owner)
  await insertBookmarks(db, owner)
}

async function insertCuratedSets(db: Kysely<DB>, curatorId: string): Promise<void> {
  const rows = MODELS.map(({ name, tags, heightMm, measurements }, index) => {
    const createdAt = minutesIn(100 + index)
    return {
      id: idAt(createdAt),
      curator_id: curatorId,
      names: JSON.stringify({ en: name }),
      notes: JSON.stringify({
        en: 'A synthetic model in standard proportions, not a real person.',
      }),
      height_mm: heightMm,
      tags: [...tags],
      measurements: JSON.stringify(measurements),
      measured: measuredBits(measurements).toString(),
      publication: 'published' as const,
      created_at: createdAt,
      updated_at: createdAt,
    }
  })
  await db.insertInto('curated_set').values(rows).execute()
}

async function insertSetsAndPatterns(
  db: Kysely<DB>,
  vault: Vault,
  accountId: string,
): Promise<void> {
  const sets = new Map<string, { readonly id: string; readonly measurements: Measurements }>()
  const setRows = DEMO_SETS.map((set, index) => {
    const base = 'base' in set ? sets.get(set.base) : undefined
    const measurements = measurementsOf(set, base?.measurements ?? {})
    const row = setRow(vault, {
      accountId,
      baseSetId: base?.id ?? null,
      name: set.name,
      notes: set.notes,
      measurements,
      units: set.units ?? 'metric',
      public: set.public ?? false,
      createdAt: minutesIn(1000 + index * 997),
    })
    sets.set(set.name, { id: row.id, measurements: { ...base?.measurements, ...measurements } })
    return row
  })
  const patternRows = DEMO_PATTERNS.map((pattern, index) => {
    const set = sets.get(pattern.set)
    return patternRow(vault, {
      accountId,
      setId: set?.id ?? null,
      design: pattern.design,
      name: pattern.name,
      notes: pattern.notes ?? '',
      settings: patternSettings(set?.measurements ?? {}),
      content: patternContent(index),
      public: pattern.public ?? false,
      createdAt: minutesIn(20_000 + index * 631),
    })
  })
  await insertRows(db, 'measurement_set', setRows)
  await insertRows(db, 'pattern', patternRows)
}

async function insertBookmarks(db: Kysely<DB>, accountId: string): Promise<void> {
  const rows = DEMO_BOOKMARKS.map((bookmark, index) => {
    const createdAt = minutesIn(40_000 + index)
    return {
      id: idAt(createdAt),
      account_id: accountId,
      ...bookmark,
      created_at: createdAt,
      updated_at: createdAt,
    }
  })
  await db.insertInto('bookmark').values(rows).execute()
}

/** What a pattern is drafted with; the measurements are a copy of those of its set. */
export function patternSettings(measurements: Measurements): Readonly<Record<string, unknown>> {
  return { sa: 10, complete: true, paperless: false, units: 'metric', measurements }
}

/** What the editor keeps beside the settings. */
export function patternContent(index: number): Readonly<Record<string, unknown>> {
  return { version: '4.10.2', view: ['draft', 'layout', 'test'][index % 3] }
}

function measurementsOf(set: DemoSet, base: Measurements): Measurements {
  if ('model' in set) return modelOf(set.model).measurements
  const factors: Measurements = set.factors
  return Object.fromEntries(
    Object.entries(base).flatMap(([name, value]) => {
      const factor = Object.entries(factors).find(([key]) => key === name)?.[1]
      return factor === undefined ? [] : [[name, Math.round(value * factor)]]
    }),
  )
}

function minutesIn(minutes: number): Date {
  return new Date(SEED_EPOCH.getTime() + minutes * 60_000)
}

function idOf(
  accounts: readonly { readonly id: string; readonly username: string }[],
  username: string,
) {
  const account = accounts.find((candidate) => candidate.username === username)
  if (account === undefined) throw new Error(`The demo data has no account named ${username}.`)
  return account.id
}
