import type { Database } from '../database/connect.ts'
import { type Policies, withShares } from './policies.ts'
import { readShares } from './read-shares.ts'
import { NO_SHARES, type Shares } from './shares.ts'

export interface FollowedPolicies {
  /** With the shares that hold at this moment. The same object as long as they stay the same. */
  readonly policies: () => Policies
  /** Resolves once nothing follows any more. */
  readonly close: () => Promise<void>
}

export interface FollowSharesOptions {
  readonly database: Pick<Database, 'kysely' | 'listen'>
  readonly policies: Policies
  /** Hears of each account (UUID) whose rate is another from now on. */
  readonly onChange: (accountId: string) => void
  /** Hears why the shares are not known yet, or are those from before. */
  readonly onFailure: (error: unknown) => void
}

/** These policies with everybody's shares, as soon as they are counted anew. */
export function followShares(options: FollowSharesOptions): FollowedPolicies {
  const { database, onChange, onFailure } = options
  let shares: Shares = NO_SHARES
  let policies = options.policies
  let isStale = false
  let reading: Promise<void> | null = null

  async function read(): Promise<void> {
    while (isStale) {
      isStale = false
      try {
        // oxlint-disable-next-line no-await-in-loop -- what changes meanwhile is read after it
        take(await readShares(database.kysely))
      } catch (error) {
        onFailure(error)
      }
    }
    reading = null
  }

  function take(next: Shares): void {
    const before = shares
    shares = next
    policies = withShares(options.policies, next)
    for (const id of new Set([...before.rates.keys(), ...next.rates.keys()])) {
      if (before.rates.get(id) !== next.rates.get(id)) onChange(id)
    }
  }

  function changed(): void {
    isStale = true
    reading ??= read()
  }

  const stop = database.listen({ channel: 'maat_bill', onNotice: changed, onGap: changed })
  return {
    policies: () => policies,
    async close() {
      await stop()
      isStale = false
      await reading
    },
  }
}
