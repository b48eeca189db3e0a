import { parseArgs } from 'node:util'

import { readConfig } from '../config.ts'
import { migrateDatabase } from '../database/open.ts'
import { runCommand } from './run-command.ts'

const USAGE = 'npm run migrate'

await runCommand(async () => {
  parseArgs({ options: {} })
  const ran = await migrateDatabase(readConfig())
  for (const name of ran) console.log(name)
  console.log(ran.length === 0 ? 'The schema is up to date.' : 'The schema is up to date now.')
}, USAGE)
