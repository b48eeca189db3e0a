import type { Forfeit, Partition } from './store.ts'

/** A grant that nobody settled, as PostgreSQL keeps it. */
export interface ForfeitRow {
  readonly grant_id: string
  readonly points: number
  readonly partitions: readonly Partition[]
  readonly subjects: readonly string[]
  readonly taken_us: number
  readonly forfeited_us: number
}

/** Those that nobody has taken note of, oldest first. */
export const ALL_FORFEITS = `
  select grant_id, points, partitions, subjects,
    trunc(1e6 * extract(epoch from taken_at))::float8 as taken_us,
    trunc(1e6 * extract(epoch from forfeited_at))::float8 as forfeited_us
  from quota_forfeited order by forfeited_at, grant_id`

export function forfeitOf(row: ForfeitRow): Forfeit {
  return {
    id: row.grant_id,
    points: row.points,
    takenAtUs: row.taken_us,
    forfeitedAtUs: row.forfeited_us,
    claims: row.partitions.map((partition, place) => ({
      partition,
      subject: row.subjects[place] ?? '',
    })),
  }
}
