import { apiError } from '../errors.ts'
import type { CostMode } from '../gateway/receipt.ts'

/**
 * What the field `GraphQL-Cost` asks for.
 * @throws {ApiError} BAD_REQUEST for anything but its two words
 */
export function readCostMode(field: string | string[] | undefined): CostMode {
  if (field === undefined) return 'totals'
  if (field === 'report' || field === 'validate') return field
  throw apiError('BAD_REQUEST', {
    message: 'GraphQL-Cost is neither report nor validate; those two are accepted.',
  })
}
