import { ACCESS } from '../auth/access.ts'

/** How descriptions name the level from which the rows of every account are open. */
export const FROM_STAFF_LEVEL = `from access level ${ACCESS['accounts:read'].level}`
