import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

import { printSchemaWithDirectives } from '@graphql-tools/utils'

import packageJson from '../../package.json' with { type: 'json' }
import { StartError } from '../errors.ts'
import { printPriceList } from '../schema/price-list.ts'
import { schema } from '../schema/schema.ts'
import { runCommand } from './run-command.ts'

const FILE = 'schema.graphql'
const RELEASED = 'test/support/schema.released.graphql'

const USAGE = 'npm run print-schema [-- --check | --release | --prices]'

await runCommand(async () => {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({ options: { check: flag, release: flag, prices: flag } })
  if (values.prices) return void process.stdout.write(`${printPriceList(schema)}\n`)
  const text = `${printSchemaWithDirectives(schema)}\n`
  if (values.release) await writeFile(RELEASED, `# Maat ${packageJson.version}\n\n${text}`)
  if (!values.check) return writeFile(FILE, text)
  if ((await readFile(FILE, 'utf8')) !== text) {
    throw new StartError(`${FILE} is not what the schema prints; run npm run print-schema.`)
  }
}, USAGE)
