import { type Kysely, type RawBuilder, sql } from 'kysely'

import type { DB } from '../database/tables.generated.ts'
import { SEALED_ROWS, type SealedPart, type SealedTable, place } from './sealed-rows.ts'
import { VaultError } from './vault-error.ts'
import type { Vault } from './vault.ts'

export interface ResealOptions {
  readonly vault: Vault
  /** The vault's key in use. */
  readonly keyId: string
  readonly onBatch: (rows: number) => void
}

export interface Resealed {
  readonly rows: number
  /** Rows that another process changed meanwhile; one more pass finds them where they still need it. */
  readonly missed: number
  /** Places of values that do not open; their rows are left as they are. */
  readonly unopened: readonly string[]
}

/** Bodies reach some 200 kB: a batch stays below 50 MB at the worst. */
const BATCH_ROWS = 200
/** Rows whose sealed values are bound to no other account. */
const OWNS_ITSELF: ReadonlySet<SealedTable> = new Set(['account', 'mail_request'])
const SEALED_TABLES = Object.keys(SEALED_ROWS).filter(isSealedTable)

/**
 * One pass over all sealed rows: those not sealed under this key are sealed anew under it.
 * A row is replaced only where it still holds what was read, so a pass may stop at any moment and run beside writers.
 */
export async function reseal(db: Kysely<DB>, options: ResealOptions): Promise<Resealed> {
  const { vault, keyId, onBatch } = options
  let rows = 0
  let missed = 0
  const unopened: string[] = []
  for (const table of SEALED_TABLES) {
    for await (const batch of batches(db, table, keyId)) {
      const outcomes = batch.map((row) => resealRow(vault, table, row))
      const fresh = outcomes.flatMap((outcome) => ('row' in outcome ? [outcome] : []))
      unopened.push(...outcomes.flatMap((outcome) => ('row' in outcome ? [] : [outcome.unopened])))
      const replaced = fresh.length === 0 ? 0 : await replace(db, table, fresh)
      rows += replaced
      missed += fresh.length - replaced
      onBatch(batch.length)
    }
  }
  return { rows, missed, unopened }
}

/** How many rows are not sealed under this key. */
export async function countOthers(db: Kysely<DB>, keyId: string): Promise<number> {
  const counts = SEALED_TABLES.map(
    (table) => sql`(select count(*) from ${sql.table(table)} where not ${sealedBy(table, keyId)})`,
  )
  const found = await sql<{
    rows: string
  }>`select (${sql.join(counts, sql` + `)})::text as rows`.execute(db)
  return Number(found.rows[0]?.rows)
}

/** Whether any sealed value names this key. */
export async function isKeyUsed(db: Kysely<DB>, keyId: string): Promise<boolean> {
  const uses = SEALED_TABLES.map((table) => {
    const parts = partsOf(table).map((part) => sql`starts_with(${sql.ref(part)}, ${`${keyId}.`})`)
    return sql`exists (select from ${sql.table(table)} where ${sql.join(parts, sql` or `)})`
  })
  const found = await sql<{ used: boolean }>`select ${sql.join(uses, sql` or `)} as used`.execute(
    db,
  )
  return found.rows[0]?.used ?? true
}

interface SealedRow {
  readonly id: string
  readonly owner: string
  readonly label: string
  /** null where the table has no body. */
  readonly body: string | null
}

interface FreshRow {
  readonly row: SealedRow
  readonly label: string
  readonly body: string | null
}

async function* batches(db: Kysely<DB>, table: SealedTable, keyId: string) {
  const owner = sql.ref(OWNS_ITSELF.has(table) ? 'id' : 'account_id')
  const body = hasBody(table) ? sql.ref('body') : sql`null`
  let after = '00000000-0000-0000-0000-000000000000'
  while (true) {
    const { rows } = await sql<SealedRow>`
      select id, ${owner} as owner, label, ${body} as body from ${sql.table(table)}
      where id > ${after} and not ${sealedBy(table, keyId)} order by id limit ${BATCH_ROWS}`.execute(
      db,
    )
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = last.id
  }
}

function resealRow(
  vault: Vault,
  table: SealedTable,
  row: SealedRow,
): FreshRow | { readonly unopened: string } {
  const again = (part: SealedPart, sealed: string) => {
    const where = place(table, part, { row: row.id, owner: row.owner })
    return vault.seal(vault.open(sealed, where), where)
  }
  try {
    const body = row.body === null ? null : again('body', row.body)
    return { row, label: again('label', row.label), body }
  } catch (error) {
    if (!(error instanceof VaultError)) throw error
    return { unopened: error.place }
  }
}

/** How many of these rows still held what was read, and now hold what is fresh. */
async function replace(
  db: Kysely<DB>,
  table: SealedTable,
  fresh: readonly FreshRow[],
): Promise<number> {
  const sets = partsOf(table).map((part) => sql`${sql.ref(part)} = fresh.${sql.ref(part)}`)
  const result = await sql`
    update ${sql.table(table)} as old set ${sql.join(sets)}
    from unnest(
      ${fresh.map(({ row }) => row.id)}::uuid[],
      ${fresh.map(({ row }) => row.label)}::text[],
      ${fresh.map(({ row }) => row.body)}::text[],
      ${fresh.map(({ label }) => label)}::text[],
      ${fresh.map(({ body }) => body)}::text[]
    ) as fresh (id, old_label, old_body, label, body)
    where old.id = fresh.id and old.label = fresh.old_label
      ${hasBody(table) ? sql`and old.body = fresh.old_body` : sql``}`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

function sealedBy(table: SealedTable, keyId: string): RawBuilder<unknown> {
  const parts = partsOf(table).map((part) => sql`starts_with(${sql.ref(part)}, ${`${keyId}.`})`)
  return sql`(${sql.join(parts, sql` and `)})`
}

function partsOf(table: SealedTable): readonly SealedPart[] {
  return hasBody(table) ? ['label', 'body'] : ['label']
}

function hasBody(table: SealedTable): boolean {
  return SEALED_ROWS[table].body.length > 0
}

function isSealedTable(name: string): name is SealedTable {
  return Object.hasOwn(SEALED_ROWS, name)
}
