import { describe, expect, test } from 'vitest'

import type { Principal } from '../../../src/auth/principal.ts'
import { type MonthPlan, planMonth, type Slowed } from '../../../src/oversight/bill/plan-month.ts'
import { claimsOf } from '../../../src/quota/claims.ts'
import { type Policies, withShares } from '../../../src/quota/policies.ts'
import type { Claim } from '../../../src/quota/store.ts'
import { AMPLE_ROWS, policiesWith } from '../../support/policies.ts'

const START_MS = Date.UTC(2026, 3, 1)
const DAYS = 30
const DAY = 86_400
const TICK = 300
const TICKS = (DAYS * DAY) / TICK
const CEILING = 100
/** What a point costs on the average; each operation costs up to half more or less than its points say. */
const POINT_PRICE = 0.0001
const LIGHT = 99
/** A hundred ceilings a month are within the account's own budgets. */
const POLICIES = policiesWith({
  ...AMPLE_ROWS,
  burst: { capacity: 20_000, restorePerSecond: 100 },
  ceiling: 1000,
  'anonymous-ceiling': 1000,
  levels: {},
})

/** The same numbers from 0 to 1 each time. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Budgets that fill by this clock; a month is one window, and days are their own. */
class Budgets {
  readonly #drawn = new Map<string, { points: number; at: number }>()

  drawnOn({ partition, subject, budget }: Claim, at: number): number {
    const known = this.#drawn.get(`${partition} ${subject}`) ?? { points: 0, at }
    if (budget.kind === 'bucket') {
      return Math.max(0, known.points - (at - known.at) * budget.restorePerSecond)
    }
    const isOver = budget.window === 'day' && Math.floor(at / DAY) > Math.floor(known.at / DAY)
    return isOver ? 0 : known.points
  }

  /** Whether all of them held so much. */
  draw(claims: readonly Claim[], points: number, at: number): boolean {
    const drawn = claims.map((claim) => this.drawnOn(claim, at))
    if (claims.some(({ budget }, place) => drawn[place]! + points > budget.capacity)) return false
    for (const [place, { partition, subject }] of claims.entries()) {
      this.#drawn.set(`${partition} ${subject}`, { points: drawn[place]! + points, at })
    }
    return true
  }
}

class Client {
  spent = 0
  refused = 0
  answered = 0
  /** By day. */
  readonly cost: number[] = Array.from({ length: DAYS }, () => 0)
  readonly points: number[] = Array.from({ length: DAYS }, () => 0)
  readonly id: string
  readonly #principal: Principal

  constructor(id: string) {
    this.id = id
    this.#principal = {
      standing: { kind: 'key', level: 4, role: 'user', status: 'active', consent: 'measurements' },
      accountId: id,
      keyId: `${id}-key`,
      sessionId: null,
      budget: { accountCreatedAtMs: 0, limits: [] },
      interventions: [],
    } as unknown as Principal
  }

  claims(policies: Policies, at: number): readonly Claim[] {
    const client = { principal: this.#principal, address: '192.0.2.1' }
    return claimsOf(client, policies, new Date(START_MS + at * 1000)).claims
  }

  pay(points: number, price: number, at: number): void {
    const day = Math.floor(at / DAY)
    this.spent += points * price
    this.answered += 1
    this.cost[day]! += points * price
    this.points[day]! += points
  }

  /** The week's mean or that of yesterday and today, whichever is more. */
  perSecond(at: number): number {
    const today = Math.floor(at / DAY)
    const means = [7, 1].map((days) => {
      const first = Math.max(0, today - days)
      const cost = this.cost.slice(first, today + 1).reduce((sum, each) => sum + each, 0)
      return cost / Math.max(3600, at - first * DAY)
    })
    return Math.max(...means)
  }
}

interface Month {
  readonly clients: readonly Client[]
  readonly spent: number
  /** What had been spent when the heavy one was refused first; null: never. */
  readonly firstRefusal: number | null
}

/** A month in fast motion: `heavy` tries to spend so many ceilings a month from a day on, the light ones half of one together. */
function live(heavy: { readonly ceilings: number; readonly fromDay: number }): Month {
  const random = numbersFrom(7)
  const clients = ['heavy', ...Array.from({ length: LIGHT }, (_, n) => `light-${n}`)].map(
    (id) => new Client(id),
  )
  const budgets = new Budgets()
  let slowed: ReadonlyMap<string | null, Slowed> = new Map()
  let policies: Policies = POLICIES
  let firstRefusal: number | null = null
  const spent = (): number => clients.reduce((sum, client) => sum + client.spent, 0)
  const wishes = clients.map(({ id }) => {
    const ceilings = id === 'heavy' ? heavy.ceilings : 0.5 / LIGHT
    return (ceilings * CEILING) / POINT_PRICE / TICKS
  })
  for (let tick = 0; tick < TICKS; tick += 1) {
    const at = tick * TICK
    for (const [place, client] of clients.entries()) {
      if (client.id === 'heavy' && at < heavy.fromDay * DAY) continue
      // Light clients come now and then, for as much as ten times of their mean.
      const isHere = client.id === 'heavy' || random() < 0.1
      const points = Math.ceil(wishes[place]! * (client.id === 'heavy' ? 1 : 20 * random()))
      const parts = isHere ? Math.ceil(points / 100) : 0
      const claims = client.claims(policies, at)
      for (let part = 0; part < parts; part += 1) {
        const asked = Math.ceil(points / parts)
        if (budgets.draw(claims, asked, at)) {
          client.pay(asked, POINT_PRICE * (0.5 + random()), at)
        } else {
          client.refused += parts - part
          if (client.id === 'heavy') firstRefusal ??= spent()
          break
        }
      }
    }
    const plan = planAt(clients, budgets, { at: at + TICK, spent: spent(), slowed })
    if (plan === null) continue
    slowed = plan.slowed
    policies = withShares(POLICIES, {
      month: plan,
      rates: new Map([...slowed].map(([id, { restorePerSecond }]) => [id!, restorePerSecond])),
      anonymousRate: null,
    })
  }
  return { clients, spent: spent(), firstRefusal }
}

function planAt(
  clients: readonly Client[],
  budgets: Budgets,
  now: {
    readonly at: number
    readonly spent: number
    readonly slowed: ReadonlyMap<string | null, Slowed>
  },
): MonthPlan | null {
  const { at, spent, slowed } = now
  const points = clients.reduce((sum, { points: own }) => sum + sumOf(own), 0)
  if (points === 0 || at >= DAYS * DAY) return null
  const month = { kind: 'window', window: 'month', capacity: 1 } as const
  const claim: Claim = { partition: 'service-month', subject: 'all', budget: month }
  return planMonth({
    ceiling: CEILING,
    spent,
    secondsLeft: DAYS * DAY - at,
    drawn: budgets.drawnOn(claim, at),
    pointPrice: spent / points,
    spenders: clients.map((client) => ({
      id: client.id,
      spent: client.spent,
      spentPerSecond: client.perSecond(at - 1),
      pointPrice: client.spent > 0 ? client.spent / sumOf(client.points) : spent / points,
    })),
    slowed,
  })
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

describe.each([
  ['all month long', { ceilings: 3, fromDay: 0 }],
  ['a hundred times too much, at once', { ceilings: 100, fromDay: 0 }],
  ['from the twentieth day on', { ceilings: 9, fromDay: 20 }],
  ['on the last day', { ceilings: 60, fromDay: 29 }],
])('one heavy client and 99 light ones: %s', (_when, heavy) => {
  const { clients, spent, firstRefusal } = live(heavy)
  const [heavyOne, ...light] = clients

  test('the ceiling holds, and is used up to 1 %', () => {
    expect(spent).toBeLessThanOrEqual(CEILING * 1.01)
    expect(spent).toBeGreaterThanOrEqual(CEILING * 0.99)
  })

  test('no light client is ever refused', () => {
    expect(light.filter(({ refused }) => refused > 0).map(({ id }) => id)).toEqual([])
    expect(Math.min(...light.map(({ answered }) => answered))).toBeGreaterThan(100)
  })

  test('the heavy one has what the others leave', () => {
    const ofLight = sumOf(light.map((client) => client.spent))
    expect(heavyOne!.refused).toBeGreaterThan(0)
    expect(heavyOne!.spent).toBeGreaterThan((CEILING - ofLight) * 0.97)
    expect(firstRefusal).not.toBeNull()
  })
})

test('a month without a heavy client slows nobody down', () => {
  const { clients, spent } = live({ ceilings: 0.1, fromDay: 0 })
  expect(clients.filter(({ refused }) => refused > 0)).toEqual([])
  expect(spent).toBeLessThan(CEILING * 0.65)
})
