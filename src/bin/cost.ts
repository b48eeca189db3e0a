import { resolve } from 'node:path'

import { commandFolder } from '../config.ts'
import { readCostFlags, USAGE } from './cost-flags.ts'
import { priceDocument } from './price-document.ts'
import { runCommand } from './run-command.ts'
import { runFixtures } from './run-fixtures.ts'

await runCommand(async () => {
  const flags = readCostFlags(process.argv.slice(2))
  const folder = commandFolder('src/bin/cost.ts')
  if (flags.kind === 'price') {
    console.log(await priceDocument(flags, folder))
    return
  }
  const { passed, failed } = await runFixtures(resolve(folder, flags.path), console.log)
  const summary = `${passed} passed, ${failed} failed`
  console.log(summary)
  console.error(summary)
  if (failed > 0) process.exitCode = 1
}, USAGE)
