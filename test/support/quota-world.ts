import fc from 'fast-check'

import type { Reservation } from '../../src/quota/quota.ts'
import type { Claim } from '../../src/quota/store.ts'
import { type LeasedGateway, leasedGateway } from './leased-gateway.ts'
import { bucket, calendarWindow, type QuotaUnderTest } from './quota-under-test.ts'

/** Something that happens. Whatever concerns a gateway that is not told to do anything stands still. */
export type Step =
  | {
      readonly kind: 'reserve'
      readonly at: number
      readonly by: number
      readonly points: number
      readonly times: number
    }
  | { readonly kind: 'settle'; readonly share: number; readonly times: number }
  | { readonly kind: 'tend'; readonly at: number }
  | { readonly kind: 'release'; readonly at: number; readonly by: number }
  | { readonly kind: 'way'; readonly at: number; readonly way: LeasedGateway['way'] }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'hear' }

const GATEWAYS = 3
const PRINCIPALS = 3

const at = fc.nat(GATEWAYS - 1)
const by = fc.nat(PRINCIPALS - 1)
const small = { min: 1, max: 5 }
const large = { min: 6, max: 200 }
const points = fc.oneof(fc.integer(small), fc.integer(large))
const times = fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 25 }))
const share = fc.nat(20).map((twentieths) => twentieths / 20)
const ms = fc.oneof(fc.nat(500), fc.nat(4000))
const way = fc.constantFrom('open', 'open', 'cut', 'deaf')

function often<Value>(weight: number, arbitrary: fc.Arbitrary<Value>) {
  return { weight, arbitrary }
}

/** Any course of events at a few gateways that share a store. */
export const anyCourse: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    often(12, fc.record({ kind: fc.constant('reserve'), at, by, points, times })),
    often(8, fc.record({ kind: fc.constant('settle'), share, times })),
    often(3, fc.record({ kind: fc.constant('tend'), at })),
    often(1, fc.record({ kind: fc.constant('release'), at, by })),
    often(1, fc.record({ kind: fc.constant('way'), at, way })),
    often(4, fc.record({ kind: fc.constant('pass'), ms })),
    often(3, fc.record({ kind: fc.constant('hear') })),
  ),
  { minLength: 20, maxLength: 80, size: 'max' },
)

/** A few principals at a few gateways over one store; each draws on budgets of his own, and on one that they share. */
export class QuotaWorld {
  /** Every budget there is: the last one is the one that they share. */
  readonly budgets: readonly Claim[]
  /** Points that operations were charged by budgets of the store. */
  charged = 0
  readonly #under: QuotaUnderTest
  readonly #clock = { nowMs: 0 }
  readonly #startedMs = performance.now()
  readonly #gateways: readonly LeasedGateway[]
  readonly #claims: readonly (readonly Claim[])[]
  readonly #asked = new Set<Promise<unknown>>()
  readonly #running: { readonly gateway: LeasedGateway; readonly reservation: Reservation }[] = []

  constructor(under: QuotaUnderTest) {
    this.#under = under
    const shared = { ...bucket(2000, 80), partition: 'control' } as const
    this.#claims = Array.from({ length: PRINCIPALS }, () => [
      bucket(1000, 50),
      calendarWindow(3000),
      shared,
    ])
    this.budgets = [...this.#claims.flatMap((claims) => claims.slice(0, -1)), shared]
    this.#gateways = Array.from({ length: GATEWAYS }, (_, n) =>
      leasedGateway(under.store, {
        whenAway: n === 0 ? 'allowance' : 'refuse',
        clock: this.#clock,
      }),
    )
  }

  /** Milliseconds since the beginning, by every clock. */
  get elapsedMs(): number {
    return performance.now() - this.#startedMs + this.#clock.nowMs
  }

  /** Lets the course run; what it asks for, it does not wait for. */
  async run(course: readonly Step[]): Promise<void> {
    for (const step of course) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await this.#do(step)
    }
  }

  /** Everything that runs ends; then the gateways close, and what they could not tell is forfeited. */
  async end(): Promise<void> {
    await Promise.all(this.#asked)
    while (this.#running.length > 0) this.#settle(0.5)
    for (const gateway of this.#gateways) gateway.way = 'open'
    await Promise.all(this.#gateways.map(({ quota }) => quota.close()))
    await this.#pass(9000)
    await Promise.all(this.#gateways.map(({ quota }) => quota.tend()))
  }

  async #do(step: Step): Promise<unknown> {
    if (step.kind === 'pass') return this.#pass(step.ms)
    if (step.kind === 'settle') {
      for (let n = 0; n < step.times; n += 1) this.#settle(step.share)
      return null
    }
    if (step.kind === 'hear') return Promise.all(this.#asked)
    const gateway = this.#gateways[step.at]
    if (gateway === undefined) throw new Error(`There is no gateway ${step.at}.`)
    if (step.kind === 'tend') return gateway.quota.tend()
    if (step.kind === 'way') {
      gateway.way = step.way
      return null
    }
    const claims = this.#claims[step.by] ?? []
    if (step.kind === 'release') return gateway.quota.release(claims[0]?.subject ?? '')
    for (let n = 0; n < step.times; n += 1) this.#reserve(gateway, claims, step.points)
    return null
  }

  #reserve(gateway: LeasedGateway, claims: readonly Claim[], wanted: number): void {
    const asked = this.#ask(gateway, claims, wanted).finally(() => this.#asked.delete(asked))
    this.#asked.add(asked)
  }

  async #ask(gateway: LeasedGateway, claims: readonly Claim[], wanted: number): Promise<void> {
    try {
      const reservation = await gateway.quota.reserve(claims, wanted)
      if (reservation.kind === 'reserved') this.#running.push({ gateway, reservation })
    } catch {
      // Its store is away: nothing runs.
    }
  }

  #settle(part: number): void {
    const place = Math.floor(part * (this.#running.length - 1))
    const [run] = this.#running.splice(place, 1)
    if (run === undefined) return
    const spent = Math.round(run.reservation.points * part)
    run.gateway.quota.settle(run.reservation, spent)
    if (run.reservation.mode === 'normal') this.charged += spent
  }

  async #pass(passed: number): Promise<void> {
    // Nothing else locks the rows that are made older.
    await Promise.all(this.#asked)
    await Promise.all(this.#gateways.map((gateway) => gateway.idle()))
    this.#clock.nowMs += passed
    await this.#under.pass(passed)
  }
}
