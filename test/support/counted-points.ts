import type { TestGateway } from './gateway.ts'

/** Points that were ever taken from the budget of everybody together, and those of them that went back. */
export interface CountedPoints {
  readonly reserved: number
  readonly refunded: number
  readonly forfeited: number
}

/** What the store counts once the gateway holds nothing any more; null where nothing was ever reserved. */
export async function countedPoints({
  quota,
  database,
}: Pick<TestGateway, 'quota' | 'database'>): Promise<CountedPoints | null> {
  await quota.close()
  const { rows } = await database.pool.query<CountedPoints>(
    `select reserved::int, refunded::int, forfeited::int from quota_budget where partition = 'service-burst' and subject = 'all'`,
  )
  return rows[0] ?? null
}

/** What clients were charged, by the store: whatever was taken and did not go back. */
export async function chargedPoints(
  gateway: Pick<TestGateway, 'quota' | 'database'>,
): Promise<number> {
  const counted = await countedPoints(gateway)
  return counted === null ? 0 : counted.reserved - counted.refunded
}
