import { LEVELS, ROLE_CAPS } from '../auth/access.ts'
import type { AccountRole } from '../database/tables.generated.ts'
import { StartError } from '../errors.ts'
import { type PolicyRows, appliedRow } from './policy-rows.ts'

/**
 * Returns where every budget holds at least what one operation of those who draw on it may cost.
 * @throws {StartError} naming both numbers and where they stand, after the text that says in what
 */
export function assertCeilingsFit(rows: PolicyRows, file: string): void {
  for (const { place, capacity, ceiling } of budgetsOf(rows)) {
    if (capacity >= ceiling.points) continue
    const least = `at least ${ceiling.points}, the ceiling of one operation at ${ceiling.place}`
    throw new StartError(`${file}: ${place}.capacity is ${capacity}; accepted: ${least}.`)
  }
}

interface Ceiling {
  readonly place: string
  readonly points: number
}

interface CeiledBudget {
  readonly place: string
  readonly capacity: number
  readonly ceiling: Ceiling
}

/** The control budget is not among them: it is for small operations, and refuses others. */
function* budgetsOf(rows: PolicyRows): Generator<CeiledBudget> {
  const anonymous = { place: 'anonymous-ceiling', points: rows['anonymous-ceiling'] }
  for (const place of ['anonymous-burst', 'anonymous-day', 'service-anonymous'] as const) {
    yield { place, capacity: rows[place].capacity, ceiling: anonymous }
  }
  let highest: Ceiling = anonymous
  for (const who of principals()) {
    const { place, row: points } = appliedRow(rows, 'ceiling', who)
    const ceiling = { place, points }
    if (points > highest.points) highest = ceiling
    for (const name of ['burst', 'day', 'young-day'] as const) {
      const applied = appliedRow(rows, name, who)
      yield { place: applied.place, capacity: applied.row.capacity, ceiling }
    }
  }
  for (const place of ['service-burst', 'service-month'] as const) {
    const row = rows[place]
    if (row !== null) yield { place, capacity: row.capacity, ceiling: highest }
  }
}

/** Every level of every role that somebody can act at. */
function principals() {
  const roles = Object.keys(ROLE_CAPS) as AccountRole[] // the table has exactly one row for each
  return roles.flatMap((role) =>
    LEVELS.filter((level) => level <= ROLE_CAPS[role]).map((level) => ({ role, level })),
  )
}
