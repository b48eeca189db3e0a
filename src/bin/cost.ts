import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { buildSchema, parse, validate } from 'graphql'

import { commandFolder } from '../config.ts'
import { compileOperation } from '../cost/compile-operation.ts'
import { type Cost, points } from '../cost/points.ts'
import { compileCost } from '../cost/schema-cost.ts'
import { StartError } from '../errors.ts'
import { firstLine } from './first-line.ts'
import { runCommand } from './run-command.ts'
import { runFixtures } from './run-fixtures.ts'

const USAGE =
  'npm run -s cost -- --schema FILE --document FILE [--operation NAME] [--variables JSON] [--default-list-size N], or npm run -s cost -- --fixtures PATH'

await runCommand(async () => {
  const flags = readFlags()
  const folder = commandFolder('src/bin/cost.ts')
  if (flags.kind === 'fixtures') {
    const { passed, failed } = await runFixtures(resolve(folder, flags.path), console.log)
    const summary = `${passed} passed, ${failed} failed`
    console.log(summary)
    console.error(summary)
    if (failed > 0) process.exitCode = 1
    return
  }
  const schema = await readText('schema', resolve(folder, flags.schema))
  const document = await readText('document', resolve(folder, flags.document))
  const cost = priceOf({ ...flags, schema, document })
  // JSON has no Infinity.
  const shown = Object.entries(cost).map(([name, value]) => [
    name,
    Number.isFinite(value) ? value : String(value),
  ])
  console.log(JSON.stringify({ ...Object.fromEntries(shown), points: points(cost) }))
}, USAGE)

interface Priced {
  readonly schema: string
  readonly document: string
  readonly operation: string | null
  readonly variables: Readonly<Record<string, unknown>>
  readonly defaultListSize: number
}

type Flags = (Priced & { readonly kind: 'price' }) | { readonly kind: 'fixtures'; path: string }

function readFlags(): Flags {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      schema: text,
      document: text,
      operation: text,
      variables: text,
      'default-list-size': text,
      fixtures: text,
    },
  })
  const { schema, document, fixtures } = values
  if (fixtures !== undefined) {
    const [other] = Object.keys(values).filter((name) => name !== 'fixtures')
    if (other === undefined && fixtures !== '') return { kind: 'fixtures', path: fixtures }
    throw new StartError(`--fixtures wants a path and no other flag. Usage: ${USAGE}`)
  }
  if (schema === undefined || document === undefined) {
    const missing = schema === undefined ? '--schema' : '--document'
    throw new StartError(`${missing} is missing. Usage: ${USAGE}`)
  }
  return {
    kind: 'price',
    schema,
    document,
    operation: values.operation ?? null,
    variables: readVariables(values.variables),
    defaultListSize: readSize(values['default-list-size']),
  }
}

function readVariables(text = '{}'): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new StartError(`--variables is not JSON: ${firstLine(cause)}`, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new StartError('--variables is not a JSON object: accepted are values by variable name.')
}

function readSize(text = 'Infinity'): number {
  if (text === 'Infinity' || /^\d{1,15}$/.test(text)) return Number(text)
  throw new StartError(
    `--default-list-size is ${JSON.stringify(text)}; accepted: a whole number from 0, or Infinity.`,
  )
}

async function readText(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new StartError(`--${flag} can not be read: ${firstLine(cause)}`, { cause })
  }
}

function priceOf({ schema, document, operation, variables, defaultListSize }: Priced): Cost {
  const built = attempt('--schema', () => buildSchema(schema))
  const prices = attempt('--schema', () => compileCost(built, { defaultListSize }))
  const parsed = attempt('--document', () => parse(document))
  const [error] = attempt('--schema', () => validate(built, parsed))
  if (error !== undefined) throw new StartError(`--document: ${firstLine(error)}`)
  return attempt('--document', () =>
    compileOperation(prices, parsed, operation).estimate(variables),
  )
}

/** @throws {StartError} that names the flag whose value is at fault */
function attempt<Value>(flag: string, step: () => Value): Value {
  try {
    return step()
  } catch (cause) {
    throw new StartError(`${flag}: ${firstLine(cause)}`, { cause })
  }
}
