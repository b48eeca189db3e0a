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

const US_PER_SECOND = 1e6
const BYTES_PER_GIGABYTE = 1e9

/** The prices that the operator set, of what the ledger counts. CPU costs nothing until it was measured (null). */
export function pricesOf(prices: Config['bill']['prices'], cpu: CpuCost | null): Prices {
  const perCpuUs = prices.cpuSecond / US_PER_SECOND
  return {
    perOperation: perCpuUs * (cpu?.perOperation ?? 0),
    perPoint: perCpuUs * (cpu?.perPoint ?? 0),
    perDatabaseUs: prices.databaseSecond / US_PER_SECOND,
    perByte: prices.gigabyte / BYTES_PER_GIGABYTE,
  }
}
