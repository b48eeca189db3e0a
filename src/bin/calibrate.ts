import { parseArgs } from 'node:util'

import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { openDatabase } from '../database/open.ts'
import { StartError } from '../errors.ts'
import { calibrate } from '../oversight/calibration/calibration.ts'
import { printCalibration } from '../oversight/calibration/print-calibration.ts'
import { storePointCosts } from '../oversight/calibration/store-point-costs.ts'
import { PAYMENTS } from '../schema/payments.ts'
import { measureDeployment } from './calibration/measure-deployment.ts'
import { runCommand } from './run-command.ts'
import { BATCH } from './calibration/run-documents.ts'

const USAGE = 'npm run -s calibrate -- [--rounds N] [--dry-run] [--json]'

await runCommand(async () => {
  const flags = readFlags()
  const config = readConfig()
  const database = await openDatabase(config, { applicationName: 'maat-background', max: 2 })
  try {
    const { preparedStatements } = config
    const asked = { preparedStatements, rounds: flags.rounds, signal: stopOnSignals() }
    const documents = await measureDeployment(database, asked)
    const calibration = calibrate(documents, config.bill.prices, PAYMENTS)
    const measuredAt = systemClock()
    const operations = documents.length * flags.rounds * BATCH
    if (!flags.isDryRun) {
      await storePointCosts(database.kysely, calibration, { measuredAt, operations })
    }
    if (flags.isJson) {
      const { currency } = config.bill
      const isStored = !flags.isDryRun
      const found = { measuredAt, operations, currency, isStored, ...calibration, documents }
      console.log(JSON.stringify(found))
      return
    }
    console.log(`${operations} operations of ${documents.length} documents.\n`)
    for (const line of printCalibration(calibration, config.bill.currency)) console.log(line)
    console.log(
      flags.isDryRun ? '\nNothing was stored.' : '\nStored: the bill goes by it from now on.',
    )
  } finally {
    await database.close()
  }
}, USAGE)

/** Aborted by SIGINT and SIGTERM, of which one may arrive more than once: what was made meanwhile is cleared away first. */
function stopOnSignals(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () =>
      stop.abort(new StartError(`Stopped by ${name}. Nothing was stored, and nothing is left.`)),
    )
  }
  return stop.signal
}

function readFlags() {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '20' }, 'dry-run': flag, json: flag },
  })
  const rounds = /^\d{1,4}$/.test(values.rounds) ? Number(values.rounds) : 0
  if (rounds >= 1 && rounds <= 1000) {
    return { rounds, isDryRun: values['dry-run'], isJson: values.json }
  }
  throw new StartError(
    `--rounds is ${JSON.stringify(values.rounds)}; accepted: a whole number from 1 to 1000.`,
  )
}
