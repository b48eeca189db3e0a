import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Principal } from '../../auth/principal.ts'
import { ApiError } from '../../errors.ts'
import { claimsOf } from '../../quota/claims.ts'
import type { Claim } from '../../quota/store.ts'
import { type BulkPage, type BulkQuery, SETS_PER_PAGE } from './bulk-reader.ts'
import type { BulkRunner } from './bulk-runner.ts'
import type { ClaimedExport, Failure } from './export-row.ts'
import { presentPrincipal } from './present-principal.ts'
import { fail, pause, storePage } from './write-progress.ts'

/** How many sets a point pays for, less than so many left over included. */
export const SETS_PER_POINT = 10

const POINTS_PER_PAGE = Math.ceil(SETS_PER_PAGE / SETS_PER_POINT)

/**
 * Makes the next page: looks again at who asks, draws what it costs from the budgets of the day, reads, stores. Answers the
 * export as it goes on; null where it does not, for whatever reason: its row says it.
 */
export async function takePage(
  runner: BulkRunner,
  of: ClaimedExport,
  query: BulkQuery,
): Promise<ClaimedExport | null> {
  const { database, policies, quota, meter, clock } = runner
  const present = await presentPrincipal(database.kysely, of, clock())
  if (present.kind === 'gone') return stop(fail(runner, of, present.failure))
  const { principal } = present
  const claims = windowsOf(claimsOf({ principal, address: '' }, policies(), clock()).claims)
  if (claims.some(({ budget }) => budget.capacity < POINTS_PER_PAGE)) {
    return stop(fail(runner, of, 'budget_too_small'))
  }
  const reserved = await quota.reserve(claims, POINTS_PER_PAGE)
  if (reserved.kind === 'refused') return stop(pause(runner, of, reserved.waitMs))
  let points = 0
  let rows = 0
  let databaseUs = 0
  let size = 0
  const startedMs = performance.now()
  try {
    const page = await read(query, principal, of)
    if (page.kind === 'closed') return await stop(fail(runner, of, page.failure))
    const { lines, next, total } = page
    const sets = lines.length
    // Part of the price, whatever becomes of the page.
    points = Math.ceil(sets / SETS_PER_POINT)
    rows = sets
    databaseUs = page.databaseUs
    const bytes = await compress(lines.map((line) => `${line}\n`).join(''))
    size = bytes.length
    const isStored = await storePage(runner, of, { bytes, sets, next, total })
    if (!isStored || next === null) return null
    const { pages } = of
    return { ...of, total, sets: of.sets + sets, pages: pages + 1, position: next, stumbles: 0 }
  } finally {
    meter.record({
      atMs: clock().getTime(),
      requestId: of.id,
      lease: reserved.lease,
      accountId: principal.accountId,
      keyId: principal.keyId,
      operation: OPERATION,
      document: null,
      estimated: POINTS_PER_PAGE,
      points,
      rows,
      databaseUs,
      bytes: size,
      durationUs: Math.round((performance.now() - startedMs) * 1000),
      outcome: 'OK',
      operations: 1,
    })
    quota.settle(reserved, points)
  }
}

/** What the ledger calls a page of a bulk export. */
const OPERATION = 'BulkExport'

const compress = promisify(gzip)

/** Not the buckets: an export takes its time, and leaves the burst to those who wait for an answer. */
function windowsOf(claims: readonly Claim[]): readonly Claim[] {
  return claims.filter(({ budget }) => budget.kind === 'window')
}

type Read =
  | (BulkPage & { readonly kind: 'page'; readonly total: number | null })
  | { readonly kind: 'closed'; readonly failure: Failure }

async function read(query: BulkQuery, principal: Principal, of: ClaimedExport): Promise<Read> {
  try {
    const page = await query.page(principal, of.position)
    const total = of.pages === 0 ? await countOf(query, principal) : of.total
    return { kind: 'page', ...page, total }
  } catch (error) {
    const failure = error instanceof ApiError ? FAILURES[error.code] : undefined
    if (failure === undefined) throw error
    return { kind: 'closed', failure }
  }
}

const FAILURES: Readonly<Record<string, Failure>> = {
  ACCOUNT_BLOCKED: 'account_blocked',
  CONSENT_REQUIRED: 'consent_required',
  LEVEL_TOO_LOW: 'level_too_low',
  CURSOR_INVALID: 'query_invalid',
}

/** null where counting takes longer than it is worth. */
async function countOf(query: BulkQuery, principal: Principal): Promise<number | null> {
  try {
    return await query.count(principal)
  } catch (error) {
    if (error instanceof ApiError && error.code === 'DB_TIME_EXCEEDED') return null
    throw error
  }
}

async function stop(ended: Promise<void>): Promise<null> {
  await ended
  return null
}
