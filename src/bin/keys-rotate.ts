import { parseArgs } from 'node:util'

import { readConfig } from '../config.ts'
import { openDatabase } from '../database/open.ts'
import { readKeyFile } from '../vault/key-file.ts'
import { rotateSessionKey } from '../vault/rotate-session-key.ts'
import { runCommand } from './run-command.ts'

const USAGE = 'npm run keys:rotate'

await runCommand(async () => {
  parseArgs({ options: {} })
  const config = readConfig()
  await readKeyFile(config.keys)
  const database = await openDatabase(config, { applicationName: 'maat-background' })
  try {
    const { keyId, before, forgotten } = await rotateSessionKey(database, config.keys)
    const rest = forgotten.length === 0 ? '' : ` Forgot ${forgotten.join(', ')}.`
    console.log(
      `Sessions are signed by ${keyId} from now on; what ${before} signed stays good until it expires.${rest}`,
    )
  } finally {
    await database.close()
  }
}, USAGE)
