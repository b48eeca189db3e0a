import { z } from 'zod'
import { StartError } from '../../errors.ts'
import { readJsonFile } from '../../read-json-file.ts'
import type { PriceList } from './price-change.ts'

/**
 * Proposed prices: these, with those of the JSON file at this path in their place.
 *
 * ```json
 * { "connection": 8, "relation": 2 }
 * ```
 * @throws {StartError} in one line: file, place, what was found and what is accepted
 */
export function readPriceList(path: string, now: PriceList): PriceList {
  const found = readJsonFile(path)
  const names = Object.keys(now)
  const read = z.record(z.string(), z.unknown()).safeParse(found)
  if (!read.success) throw new StartError(`${path} is no object of prices.`)
  for (const [name, price] of Object.entries(read.data)) {
    if (!names.includes(name)) {
      throw new StartError(`${path}: there is no price ${name}; accepted: ${names.join(', ')}.`)
    }
    if (!PRICE.safeParse(price).success) {
      const shown = JSON.stringify(price)
      throw new StartError(`${path}: ${name} is ${shown}; accepted: a number from 0 to 10000.`)
    }
  }
  return { ...now, ...(read.data as PriceList) } // each was just looked at
}

const PRICE = z.number().min(0).max(10_000)
