import { setTimeout as delay } from 'node:timers/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { sql } from 'kysely'
import { v7 } from 'uuid'

import { readConfig } from '../config.ts'
import { openDatabase, type OpenDatabase } from '../database/open.ts'
import { StartError } from '../errors.ts'
import { formatId } from '../ids.ts'
import { adoptAbandoned } from '../metering/adopt-abandoned.ts'
import { type Difference, reconcile } from '../metering/reconcile.ts'
import { parseDuration } from '../parse-duration.ts'
import { openStore } from '../quota/open-quota.ts'
import { runCommand } from './run-command.ts'

const USAGE = 'npm run -s ledger:check -- [--wait 60s] [--correct REASON]'

const LOOK_MS = 250

/**
 * Compares the budgets with the ledger, and prints every difference. With a reason, each of them is corrected in the ledger. The
 * exit code is 1 where there was one.
 */
await runCommand(async () => {
  const { waitSeconds, reason } = readFlags()
  const config = readConfig()
  const database = await openDatabase(config, { applicationName: 'maat-background', max: 3 })
  const store = await openStore({ database, redisUrl: config.redisUrl })
  try {
    const folder = join(config.data, 'meter')
    const adopt = (): Promise<void> =>
      adoptAbandoned({ database, folder, onFailure: (error) => console.error(error) })
    const until = Date.now() + waitSeconds * 1000
    const checked = await reconcile({
      database,
      store,
      async wait(late) {
        if (Date.now() > until) throw new StartError(lateMessage(late, waitSeconds))
        await adopt()
        await delay(LOOK_MS)
      },
    })
    for (const difference of checked.differences) console.log(lineOf(difference))
    if (reason !== null) await correct(database, checked.differences, reason)
    if (checked.corrections !== 0) console.log(`${checked.corrections} points were corrected.`)
    const { debits, records, forfeits, differences } = checked
    console.log(
      `${debits} debits, ${records} records, ${forfeits} forfeits, ${differences.length} differences`,
    )
    if (differences.length > 0) process.exitCode = 1
  } finally {
    await store.close()
    await database.close()
  }
}, USAGE)

function readFlags() {
  const { values } = parseArgs({
    options: { wait: { type: 'string', default: '60s' }, correct: { type: 'string' } },
  })
  const waitSeconds = parseDuration(values.wait)
  if (waitSeconds === null) {
    throw new StartError(`--wait is ${values.wait}; accepted: numbers followed by s, m, h or d.`)
  }
  if (values.correct === '') throw new StartError('--correct is empty; say why.')
  return { waitSeconds, reason: values.correct ?? null }
}

function lateMessage(gateways: readonly string[], seconds: number): string {
  return `${gateways.join(', ')} did not bring what it recorded into the ledger within ${seconds} s. Start a gateway on its data folder, then check again.`
}

function lineOf({ accountId, debits, records, forfeits, corrections }: Difference): string {
  const who = accountId === null ? 'without credentials' : formatId('acc', accountId)
  const known = records + forfeits + corrections
  return `${who}: ${debits} debits, ${records} records, ${forfeits} forfeits, ${corrections} corrections: ${debits - known} unexplained`
}

/** One line of the ledger for each: from now on it explains what was found. */
async function correct(
  { kysely }: OpenDatabase,
  differences: readonly Difference[],
  reason: string,
): Promise<void> {
  if (differences.length === 0) return
  await kysely
    .insertInto('ledger_entry')
    .values(
      differences.map(({ accountId, debits, records, forfeits, corrections }) => ({
        id: v7(),
        kind: 'correction' as const,
        account_id: accountId,
        points: debits - records - forfeits - corrections,
        reason,
        created_at: sql<Date>`clock_timestamp()`,
      })),
    )
    .execute()
}
