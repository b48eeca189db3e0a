import type { AccessLevel } from '../auth/access.ts'
import type { AccountRole } from '../database/tables.generated.ts'

/** Whole points that come back little by little. */
export interface BucketRow {
  readonly capacity: number
  /** Points, more than 0. */
  readonly restorePerSecond: number
}

/** Whole points that come back all at once, when the calendar window (UTC) ends. */
export interface WindowRow {
  readonly capacity: number
}

/** What an account has, all its keys and sessions together. A level or a role may have rows of its own. */
export interface AccountRows {
  readonly burst: BucketRow
  readonly day: WindowRow
  /** The day of an account that is not 7 days old yet, where that is less. */
  readonly 'young-day': WindowRow
  /** For a signed-in person whose burst or day is empty: see CONTROL_FIELDS in claims.ts. */
  readonly control: BucketRow
  /** Operations at the same time. */
  readonly 'in-flight': number
  /** Points that one operation may cost at most. */
  readonly ceiling: number
}

/** Every row of the policy table. */
export interface PolicyRows extends AccountRows {
  readonly 'anonymous-burst': BucketRow
  readonly 'anonymous-day': WindowRow
  readonly 'anonymous-in-flight': number
  readonly 'anonymous-ceiling': number
  /** In attempts, not in points; for an account, and for an address without one. */
  readonly attempts: BucketRow
  /** All clients without credentials together: however many addresses they have, accounts keep the rest. */
  readonly 'service-anonymous': BucketRow
  readonly 'service-burst': BucketRow
  /** The operator's ceiling in money; null: off. */
  readonly 'service-month': WindowRow | null
  /** In place of the rows above, for keys and sessions that act at this level. */
  readonly levels: Readonly<Partial<Record<AccessLevel, Partial<AccountRows>>>>
  /** In place of the rows above and those of the level, for accounts with this role. */
  readonly roles: Readonly<Partial<Record<AccountRole, Partial<AccountRows>>>>
}

const FROM_LEVEL_5 = { ceiling: 2000 }

/** The policy table as it is without a file of the operator's. A key has the limits that its owner set, and none here. */
export const POLICY_ROWS: PolicyRows = {
  burst: { capacity: 2000, restorePerSecond: 100 },
  day: { capacity: 200_000 },
  'young-day': { capacity: 20_000 },
  control: { capacity: 60, restorePerSecond: 1 },
  'in-flight': 8,
  ceiling: 1000,
  'anonymous-burst': { capacity: 200, restorePerSecond: 5 },
  'anonymous-day': { capacity: 5000 },
  'anonymous-in-flight': 64,
  'anonymous-ceiling': 200,
  attempts: { capacity: 120, restorePerSecond: 2 },
  'service-anonymous': { capacity: 5000, restorePerSecond: 500 },
  'service-burst': { capacity: 20_000, restorePerSecond: 2000 },
  'service-month': null,
  levels: { 5: FROM_LEVEL_5, 6: FROM_LEVEL_5, 7: FROM_LEVEL_5, 8: FROM_LEVEL_5 },
  roles: {},
}

/** A row that applies, and where it stands: `levels.5.burst`. */
export interface AppliedRow<Name extends keyof AccountRows> {
  readonly place: string
  readonly row: AccountRows[Name]
}

/** The row that applies to an account of this role at this level: the role's, else the level's, else everybody's. */
export function appliedRow<Name extends keyof AccountRows>(
  rows: PolicyRows,
  name: Name,
  { role, level }: { readonly role: AccountRole; readonly level: AccessLevel },
): AppliedRow<Name> {
  const ofRole = rows.roles[role]?.[name]
  if (ofRole !== undefined) return { place: `roles.${role}.${name}`, row: ofRole }
  const ofLevel = rows.levels[level]?.[name]
  if (ofLevel !== undefined) return { place: `levels.${level}.${name}`, row: ofLevel }
  return { place: name, row: rows[name] }
}
