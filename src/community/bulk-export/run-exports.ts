import { setTimeout as rest } from 'node:timers/promises'
import type { BulkRunner } from './bulk-runner.ts'
import { claimExport } from './claim-export.ts'
import { expireExports } from './expire-exports.ts'
import type { ClaimedExport } from './export-row.ts'
import { takePage } from './take-page.ts'
import { fail, release, stumble } from './write-progress.ts'

/** Pages that are made for one export before the next one has its turn. */
const PAGES_PER_TURN = 50

/**
 * Makes what is waiting, one page after the other, until nothing is or the signal is aborted: then after the page that is
 * under way. What was begun is gone on with by the next round, here or on another gateway.
 */
export async function runExports(runner: BulkRunner, signal: AbortSignal): Promise<void> {
  await expireExports(runner)
  while (!signal.aborted) {
    const claimed = await claimExport(runner)
    if (claimed === null) return
    await takeTurn(runner, claimed, signal)
  }
}

async function takeTurn(
  runner: BulkRunner,
  claimed: ClaimedExport,
  signal: AbortSignal,
): Promise<void> {
  let at: ClaimedExport | null = claimed
  try {
    const query = runner.openQuery(claimed.asked.query)
    if (query === null) return await fail(runner, claimed, 'query_invalid')
    for (let pages = 0; at !== null && pages < PAGES_PER_TURN && !signal.aborted; pages += 1) {
      const beganAt = performance.now()
      at = await takePage(runner, at, query)
      // At least half of the time is left to requests.
      await rest(performance.now() - beganAt)
    }
    if (at !== null) await release(runner, at)
  } catch (error) {
    runner.onFailure(error)
    if (at !== null) await stumble(runner, at)
  }
}
