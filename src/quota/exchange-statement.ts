import type { Statement } from '../database/run-statement.ts'
import { type Drawn, levelsOf, shortOf } from './drawn-levels.ts'
import {
  leaseMinOf,
  leaseShareOf,
  type Claim,
  type Grant,
  type Refusal,
  type Wanted,
} from './store.ts'

/** What was spent of a grant. */
export interface Settlement {
  readonly id: string
  readonly spent: number
}

/** Points asked for, to be granted under this id. */
export interface Asked {
  readonly id: string
  readonly claims: readonly Claim[]
  readonly wanted: Wanted
}

/** What one statement tells the database. No grant is settled twice. */
export interface Batch {
  readonly settlements: readonly Settlement[]
  readonly asked: readonly Asked[]
}

/** What became of a batch, in its order. */
export interface Outcomes {
  /** The points of a grant that holds less than was to be settled, which left it as it was; else null. */
  readonly overspent: readonly (number | null)[]
  readonly reserved: readonly (Grant | Refusal)[]
}

/** Settles, then reserves in the order given. Answers one row, for readOutcomes. */
export function exchangeStatement({ settlements, asked }: Batch): Statement {
  const { budgets, places } = budgetsOf(asked)
  const claims = asked.flatMap((each) => each.claims)
  const ends = endsOf(asked)
  return {
    text: EXCHANGE,
    values: [
      settlements.map(({ id }) => id),
      settlements.map(({ spent }) => spent),
      asked.map(({ id }) => id),
      asked.map(({ wanted }) => wanted.points),
      asked.map(({ wanted }) => leaseMinOf(wanted)),
      asked.map(({ wanted }) => wanted.forfeitMs),
      // Places are counted from 1.
      ends.map((end, place) => end - (asked[place]?.claims.length ?? 0) + 1),
      ends,
      budgets.map(({ partition }) => partition),
      budgets.map(({ subject }) => subject),
      places,
      claims.map(({ budget }) => budget.capacity),
      ...restoreColumns(claims),
      claims.map(leaseShareOf),
    ],
  }
}

/** What is restored a second (null for a window) and the window (null for a bucket) of each claim, as columns. */
export function restoreColumns(claims: readonly Claim[]): readonly unknown[] {
  return [
    claims.map(({ budget }) => (budget.kind === 'bucket' ? budget.restorePerSecond : null)),
    claims.map(({ budget }) => (budget.kind === 'window' ? budget.window : null)),
  ]
}

/**
 * What the statement of this batch answered.
 * @throws {Error} when that is not what a batch like this is answered
 */
export function readOutcomes({ settlements, asked }: Batch, row: readonly unknown[]): Outcomes {
  // The columns are those of quota_exchange.
  const [overspent, taken, drawn, atMs] = row as ExchangeRow
  const ends = endsOf(asked)
  return {
    overspent: settlements.map((_, place) => overspent?.[place] ?? null),
    reserved: asked.map((each, place) => {
      const end = ends[place] ?? 0
      const points = drawn?.slice(end - each.claims.length, end) ?? []
      return readReservation(each, taken?.[place] ?? 0, { points, atMs: atMs ?? 0 })
    }),
  }
}

type ExchangeRow = readonly [
  overspent: readonly (number | null)[] | null,
  taken: readonly number[] | null,
  drawn: readonly number[] | null,
  atMs: number | null,
]

const EXCHANGE =
  'select * from quota_exchange($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)'

/** For each reservation, how many claims it and those before it have together. */
function endsOf(asked: readonly Asked[]): readonly number[] {
  let end = 0
  return asked.map(({ claims }) => (end += claims.length))
}

/** Each budget once; and for each claim the place of its budget. */
function budgetsOf(asked: readonly Asked[]): {
  readonly budgets: readonly Claim[]
  readonly places: readonly number[]
} {
  const placeOf = new Map<string, number>()
  const budgets: Claim[] = []
  const places = asked.flatMap(({ claims }) =>
    claims.map((claim) => {
      const key = `${claim.partition}:${claim.subject}`
      const known = placeOf.get(key)
      if (known !== undefined) return known
      const place = budgets.push(claim)
      placeOf.set(key, place)
      return place
    }),
  )
  return { budgets, places }
}

function readReservation(
  { id, claims, wanted }: Asked,
  taken: number,
  drawn: Drawn,
): Grant | Refusal {
  const levels = levelsOf(claims, drawn)
  if (taken > 0) {
    return { kind: 'granted', id, points: taken, levels, takenAtUs: Math.round(drawn.atMs * 1000) }
  }
  const short = shortOf(claims, drawn, wanted.points)
  if (short === null) throw new Error('The database refused what its budgets hold.')
  return { kind: 'refused', partition: short.claim.partition, waitMs: short.waitMs, levels }
}
