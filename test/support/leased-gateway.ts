import { randomUUID } from 'node:crypto'

import { apiError } from '../../src/errors.ts'
import { createLeasedQuota, type LeasedQuota } from '../../src/quota/leased-quota.ts'
import type { QuotaRefusal, Reservation } from '../../src/quota/quota.ts'
import type { Claim, QuotaStore } from '../../src/quota/store.ts'

/** A clock, in ms, that goes on when it is told to. */
export interface HandClock {
  nowMs: number
}

export interface LeasedGatewayOptions {
  readonly whenAway?: 'allowance' | 'refuse'
  readonly clock?: HandClock
}

/** What one gateway draws on, and a hand on its clock and on its way to the store. */
export interface LeasedGateway {
  readonly quota: LeasedQuota
  /** Milliseconds pass at this gateway; in its store none do. */
  readonly wait: (ms: number) => void
  /** Names of the calls made since this was asked last; those that failed included. */
  readonly calls: () => readonly string[]
  /**
   * How calls fare: they arrive; they are lost on their way; or they arrive, and the answer is lost. What is lost is
   * UNAVAILABLE. Broken ones fail for a reason of ours.
   */
  way: 'open' | 'cut' | 'deaf' | 'broken'
  /** Resolves once no call is under way. */
  readonly idle: () => Promise<void>
  /** Outages that were noticed, and ends of outages. */
  readonly told: { away: number; back: number }
  /** Messages of what else failed in the background. */
  readonly defects: readonly string[]
  /** An operation comes that is charged nothing: the next one is not the first any more, and may have a lease. */
  readonly comeBefore: (claims: readonly Claim[]) => Promise<void>
  readonly reserve: (claims: readonly Claim[], points: number) => Promise<Reservation>
  readonly refused: (claims: readonly Claim[], points: number) => Promise<QuotaRefusal>
}

/** A gateway over this store, which other gateways may share. */
export function leasedGateway(
  store: QuotaStore,
  { whenAway = 'refuse', clock = { nowMs: 0 } }: LeasedGatewayOptions = {},
): LeasedGateway {
  let called: string[] = []
  const told = { away: 0, back: 0 }
  const defects: string[] = []

  const underWay = new Set<Promise<unknown>>()

  async function send<Result>(call: () => Promise<Result>): Promise<Result> {
    if (gateway.way === 'cut') throw apiError('UNAVAILABLE')
    if (gateway.way === 'broken') throw new Error('broken')
    const answer = await call()
    if (gateway.way === 'deaf') throw apiError('UNAVAILABLE')
    return answer
  }

  function through<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
    called.push(name)
    const sent = send(call).finally(() => underWay.delete(sent))
    underWay.add(sent)
    return sent
  }

  const quota = createLeasedQuota({
    store: {
      reserve: (claims, wanted) => through('reserve', () => store.reserve(claims, wanted)),
      settle: (id, spent) => through('settle', () => store.settle(id, spent)),
      levels: (claims) => through('levels', () => store.levels(claims)),
      tend: (id) => through('tend', () => store.tend(id)),
      leave: (id) => through('leave', () => store.leave(id)),
      forfeits: () => store.forfeits(),
      noteForfeits: (ids) => store.noteForfeits(ids),
      debits: (partitions) => store.debits(partitions),
      close: async () => {},
    },
    gateway: randomUUID(),
    monotonic: () => clock.nowMs,
    whenAway,
    onAway: () => void (told.away += 1),
    onBack: () => void (told.back += 1),
    onDefect: (error) => void defects.push(error instanceof Error ? error.message : ''),
  })

  const gateway: LeasedGateway = {
    quota,
    wait: (ms) => void (clock.nowMs += ms),
    calls() {
      const names = called
      called = []
      return names
    },
    way: 'open',
    async idle() {
      await Promise.allSettled(underWay)
    },
    told,
    defects,
    async comeBefore(claims) {
      quota.settle(await gateway.reserve(claims, 1), 0)
      await gateway.idle()
      gateway.calls()
    },
    async reserve(claims, points) {
      const answer = await quota.reserve(claims, points)
      if (answer.kind === 'refused') throw new Error(`${answer.partition} holds too little.`)
      return answer
    },
    async refused(claims, points) {
      const answer = await quota.reserve(claims, points)
      if (answer.kind === 'reserved') throw new Error(`${answer.points} points were reserved.`)
      return answer
    },
  }
  return gateway
}
