import { parseArgs } from 'node:util'

import { readConfig } from '../config.ts'
import { createKeyFile } from '../vault/key-file.ts'
import { runCommand } from './run-command.ts'

const USAGE = 'npm run keys:init'

await runCommand(async () => {
  parseArgs({ options: {} })
  const { keys } = readConfig()
  await createKeyFile(keys)
  console.log(`Wrote ${keys}. Back it up together with the database: without it nothing opens.`)
}, USAGE)
