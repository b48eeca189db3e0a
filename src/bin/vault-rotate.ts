import { parseArgs } from 'node:util'

import { readConfig } from '../config.ts'
import { openDatabase } from '../database/open.ts'
import { readKeyFile } from '../vault/key-file.ts'
import { rotateVault } from '../vault/rotate.ts'
import { startProgress } from './progress.ts'
import { runCommand } from './run-command.ts'

const USAGE = 'npm run vault:rotate'

await runCommand(async () => {
  parseArgs({ options: {} })
  const config = readConfig()
  // First: what the file stops has then changed nothing.
  await readKeyFile(config.keys)
  const database = await openDatabase(config, { applicationName: 'maat-background' })
  const progress = await startProgress('rows')
  try {
    const rotation = await rotateVault({
      database,
      keyFile: config.keys,
      onProgress: progress.show,
    })
    progress.end()
    const done = rotation.kind === 'fresh' ? 'Made the fields key' : 'Completed the rotation to'
    console.log(`${done} ${rotation.keyId}; sealed ${rotation.rows} rows under it.`)
    if (rotation.forgotten.length > 0) {
      console.log(`Forgot ${rotation.forgotten.join(', ')}: no row used them.`)
    }
    console.log(`Back up ${config.keys} together with the database.`)
    if (rotation.unopened.length > 0) {
      console.error(
        `maat: These values do not open and were left:\n${rotation.unopened.join('\n')}`,
      )
      process.exitCode = 1
    }
  } finally {
    progress.end()
    await database.close()
  }
}, USAGE)
