import type { Config } from '../../config.ts'
import { type Resource, unitPrices } from '../bill/prices.ts'
import { fitLine, type Line } from './fit-line.ts'
import { type ProposedWeight, proposeWeights } from './propose-weights.ts'

export const RESOURCES = ['database_us', 'cpu_us', 'bytes'] as const satisfies readonly Resource[]

/** What an operation of one document took, and what it paid for. */
export interface MeasuredDocument {
  readonly name: string
  readonly points: number
  readonly taken: Readonly<Record<Resource, number>>
  /** How often it paid each price of the list, by kind. */
  readonly counts: Readonly<Record<string, number>>
}

/** Money in units of the currency: for each resource, and all together. */
export type Split = Readonly<Record<Resource | 'total', number>>

export interface Calibration {
  /** What operations take by their points; null where the documents can not tell. */
  readonly lines: Readonly<Record<Resource, Line | null>>
  /** What this many more points, and this many more operations whatever their points, cost; null where nothing has a price. */
  readonly money: { readonly points: Split; readonly operations: Split } | null
  readonly weights: readonly ProposedWeight[]
}

/** How many points and operations `money` is about. */
export const MANY = 1_000_000

/** What the documents say about what points cost at these prices, and which prices in points (by kind) would fit. */
export function calibrate(
  documents: readonly MeasuredDocument[],
  prices: Config['bill']['prices'],
  weights: Readonly<Record<string, number>>,
): Calibration {
  const lines = {
    database_us: lineOf(documents, 'database_us'),
    cpu_us: lineOf(documents, 'cpu_us'),
    bytes: lineOf(documents, 'bytes'),
  }
  const per = unitPrices(prices)
  const isFree = RESOURCES.every((resource) => per[resource] === 0)
  const money = (document: MeasuredDocument): number =>
    RESOURCES.reduce((sum, resource) => sum + document.taken[resource] * per[resource], 0)
  const measures = {
    ...Object.fromEntries(
      RESOURCES.map((resource) => [resource, documents.map(({ taken }) => taken[resource])]),
    ),
    ...(isFree ? {} : { money: documents.map(money) }),
  }
  const split = (of: (line: Line) => number): Split => {
    const costs = (resource: Resource): number => {
      const line = lines[resource]
      return line === null ? 0 : of(line) * per[resource] * MANY
    }
    const [database_us, cpu_us, bytes] = [costs('database_us'), costs('cpu_us'), costs('bytes')]
    return { database_us, cpu_us, bytes, total: database_us + cpu_us + bytes }
  }
  return {
    lines,
    money: isFree
      ? null
      : {
          points: split(({ perPoint }) => perPoint),
          operations: split(({ perOperation }) => perOperation),
        },
    weights: proposeWeights(documents, measures, weights),
  }
}

function lineOf(documents: readonly MeasuredDocument[], resource: Resource): Line | null {
  return fitLine(documents.map(({ points, taken }) => ({ points, taken: taken[resource] })))
}
