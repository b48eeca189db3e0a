import type { Config } from '../../config.ts'

/** What use costs, in units of the currency. */
export interface Prices {
  readonly perOperation: number
  readonly perPoint: number
  /** Of a microsecond. */
  readonly perDatabaseUs: number
  readonly perByte: number
}

/** What an operation takes of a gateway's CPU, in microseconds, as it was measured. */
export interface CpuCost {
  readonly perOperation: number
  readonly perPoint: number
}

/** What operations take that costs anything, as calibration names it: microseconds, and bytes of answers. */
export type Resource = 'database_us' | 'cpu_us' | 'bytes'

const US_PER_SECOND = 1e6
const BYTES_PER_GIGABYTE = 1e9

/** The prices that the operator set, of a microsecond or a byte, in units of the currency. */
export function unitPrices(prices: Config['bill']['prices']): Readonly<Record<Resource, number>> {
  return {
    database_us: prices.databaseSecond / US_PER_SECOND,
    cpu_us: prices.cpuSecond / US_PER_SECOND,
    bytes: prices.gigabyte / BYTES_PER_GIGABYTE,
  }
}

/**
 * The prices that the operator set, of what the ledger counts. CPU costs nothing until it was measured (null), and nothing earns
 * anything, whatever a fit of what was measured may say.
 */
export function pricesOf(prices: Config['bill']['prices'], cpu: CpuCost | null): Prices {
  const per = unitPrices(prices)
  return {
    perOperation: per.cpu_us * Math.max(0, cpu?.perOperation ?? 0),
    perPoint: per.cpu_us * Math.max(0, cpu?.perPoint ?? 0),
    perDatabaseUs: per.database_us,
    perByte: per.bytes,
  }
}
