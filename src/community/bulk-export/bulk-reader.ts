import { MAX_PAGE_SIZE } from '../../cost/page-size.ts'
import type { Principal } from '../../auth/principal.ts'

/** Sets that a page of an export holds at most. */
export const SETS_PER_PAGE = MAX_PAGE_SIZE

/** One page of what a query asks for. */
export interface BulkPage {
  /** JSON text of each set, without a line break. */
  readonly lines: readonly string[]
  /** Cursor of the last of them; null where none follows. */
  readonly next: string | null
  /** What reading them took the database, in microseconds. */
  readonly databaseUs: number
}

/** The query of an export, ready to be run page by page. */
export interface BulkQuery {
  /**
   * The page behind this cursor, as this principal sees it; the first one where it is null.
   * @throws {ApiError} where the query is closed to the principal, or the database can not say
   */
  readonly page: (principal: Principal, after: string | null) => Promise<BulkPage>
  /** How many sets there are for this principal now. @throws {ApiError} as `page` does */
  readonly count: (principal: Principal) => Promise<number>
}

/** Reads the text of a query that was accepted before; null where the API does not accept it any more. */
export type OpenBulkQuery = (text: string) => BulkQuery | null
