import { parseArgs } from 'node:util'

import { readConfig } from '../config.ts'
import { openDatabase } from '../database/open.ts'
import { StartError } from '../errors.ts'
import { seed } from '../seed/seed.ts'
import type { Scale } from '../seed/seed-scale.ts'
import { checkKeyFile, openOrCreateVault, openVault } from '../vault/key-file.ts'
import { startProgress } from './progress.ts'
import { runCommand } from './run-command.ts'

const USAGE = 'npm run seed [-- --accounts N --sets N --patterns N --random-seed N]'

await runCommand(async () => {
  const scale = readScale()
  const config = readConfig()
  await checkKeyFile(config.keys)
  const database = await openDatabase(config, { applicationName: 'maat-background' })
  const progress = await startProgress('rows')
  try {
    // A database of one's own may have been sealed elsewhere: its key file is never made up here.
    const open = database.embedded ? openOrCreateVault : openVault
    const vault = await open(database, config.keys)
    const outcome = await seed({ database, vault, scale, onProgress: progress.show })
    progress.end()
    console.log(
      outcome.kind === 'seeded'
        ? `Seeded: the database holds ${outcome.accounts} accounts, with their sets and patterns.`
        : `Seeded before: the database holds ${outcome.accounts} accounts of the seed. Nothing was changed.`,
    )
  } finally {
    progress.end()
    await database.close()
  }
}, USAGE)

/** What --accounts, --sets and --patterns ask for; undefined where none of them is given. */
function readScale(): Scale | undefined {
  const { values } = parseArgs({
    options: {
      accounts: { type: 'string' },
      sets: { type: 'string' },
      patterns: { type: 'string' },
      'random-seed': { type: 'string', default: '1' },
    },
  })
  const { accounts, sets, patterns } = values
  if (accounts === undefined && sets === undefined && patterns === undefined) return undefined
  const setCount = readCount('--sets', sets ?? '0')
  return {
    // Sets and patterns need owners.
    accounts: Math.max(1, readCount('--accounts', accounts ?? String(Math.ceil(setCount / 20)))),
    sets: setCount,
    patterns: readCount('--patterns', patterns ?? '0'),
    randomSeed: readCount('--random-seed', values['random-seed']),
  }
}

function readCount(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new StartError(
    `${flag} is ${JSON.stringify(text)}; accepted: a whole number from 0 to 999999999.`,
  )
}
