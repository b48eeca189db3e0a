import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { buildSchema, parse, validate } from 'graphql'

import { compileOperation } from '../cost/compile-operation.ts'
import { type Cost, points } from '../cost/points.ts'
import { compileCost } from '../cost/schema-cost.ts'
import { StartError } from '../errors.ts'
import type { PriceFlags } from './cost-flags.ts'
import { firstLine } from './first-line.ts'

/**
 * The price of a document as one JSON object; paths start from this folder. What has no bound is the text Infinity.
 * @throws {StartError} that names the flag whose value is at fault
 */
export async function priceDocument(flags: PriceFlags, folder: string): Promise<string> {
  const schema = await readText('schema', resolve(folder, flags.schema))
  const document = await readText('document', resolve(folder, flags.document))
  const cost = priceOf({ ...flags, schema, document })
  // JSON has no Infinity.
  const shown = Object.entries(cost).map(([name, value]) => [
    name,
    Number.isFinite(value) ? value : String(value),
  ])
  return JSON.stringify({ ...Object.fromEntries(shown), points: points(cost) })
}

async function readText(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new StartError(`--${flag} can not be read: ${firstLine(cause)}`, { cause })
  }
}

function priceOf({ schema, document, operation, variables, defaultListSize }: PriceFlags): Cost {
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
