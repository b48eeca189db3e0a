import type { Database } from '../database/connect.ts'
import { runStatement, type Statement } from '../database/run-statement.ts'
import { ApiError, apiError } from '../errors.ts'

/**
 * The one row that this statement about budgets answers, column by column.
 * @throws {ApiError} UNAVAILABLE when the database is away, or too slow: it is no client's operation that took it too long
 */
export async function askStore(
  database: Database,
  statement: Statement,
): Promise<readonly unknown[]> {
  try {
    return await runStatement(database, statement)
  } catch (error) {
    const isLate = error instanceof ApiError && error.code === 'DB_TIME_EXCEEDED'
    throw isLate ? apiError('UNAVAILABLE', { cause: error }) : error
  }
}
