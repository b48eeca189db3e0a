import { parseArgs } from 'node:util'

import { ACCESS_TOKEN_SECONDS } from '../auth/session-token/session-tokens.ts'
import { readConfig } from '../config.ts'
import { openDatabase } from '../database/open.ts'
import { readKeyFile } from '../vault/key-file.ts'
import { rotateSessionKey } from '../vault/rotate-session-key.ts'
import { runCommand } from './run-command.ts'

const USAGE = 'npm run keys:rotate [-- --leaked]'

await runCommand(async () => {
  const { values } = parseArgs({ options: { leaked: { type: 'boolean' } } })
  const config = readConfig()
  // First: what the file stops has then changed nothing.
  await readKeyFile(config.keys)
  const database = await openDatabase(config, { applicationName: 'maat-background' })
  try {
    const { keyId, kept, forgotten } = await rotateSessionKey({
      database,
      keyFile: config.keys,
      validSeconds: ACCESS_TOKEN_SECONDS,
      forget: values.leaked === true ? 'all' : 'outlived',
    })
    const good =
      kept.length === 0 ? '' : ` What ${kept.join(', ')} signed stays good until it expires.`
    const gone = forgotten.length === 0 ? '' : ` Forgot ${forgotten.join(', ')}.`
    console.log(`Sessions are signed by ${keyId} from now on.${good}${gone}`)
  } finally {
    await database.close()
  }
}, USAGE)
