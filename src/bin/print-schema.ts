import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

import { printSchemaWithDirectives } from '@graphql-tools/utils'

import { StartError } from '../errors.ts'
import { schema } from '../schema/schema.ts'
import { runCommand } from './run-command.ts'

const FILE = 'schema.graphql'

const USAGE = 'npm run print-schema [-- --check]'

await runCommand(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  const text = `${printSchemaWithDirectives(schema)}\n`
  if (!values.check) return writeFile(FILE, text)
  if ((await readFile(FILE, 'utf8')) !== text) {
    throw new StartError(`${FILE} is not what the schema prints; run npm run print-schema.`)
  }
}, USAGE)
