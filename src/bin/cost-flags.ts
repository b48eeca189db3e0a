import { parseArgs } from 'node:util'

import { StartError } from '../errors.ts'
import { firstLine } from './first-line.ts'

export const USAGE =
  'npm run -s cost -- --schema FILE --document FILE [--operation NAME] [--variables JSON] [--default-list-size N], or npm run -s cost -- --fixtures PATH'

/** What is to be priced. */
export interface PriceFlags {
  readonly kind: 'price'
  /** Path of a schema in GraphQL's own language. */
  readonly schema: string
  /** Path. */
  readonly document: string
  /** Null: the only one. */
  readonly operation: string | null
  readonly variables: Readonly<Record<string, unknown>>
  /** Infinity where nobody said. */
  readonly defaultListSize: number
}

export interface FixtureFlags {
  readonly kind: 'fixtures'
  readonly path: string
}

/**
 * What a command line asks for.
 * @throws {StartError} that says what is wrong, and the errors of parseArgs
 */
export function readCostFlags(args: readonly string[]): PriceFlags | FixtureFlags {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
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
