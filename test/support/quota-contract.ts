import { randomUUID } from 'node:crypto'

import { beforeEach, describe, expect, test } from 'vitest'

import { budgetsOverTime } from './quota-contract-time.ts'
import {
  atLeast,
  bucket,
  calendarWindow,
  exactly,
  granted,
  type QuotaUnderTest,
  refused,
  remaining,
  withCapacity,
} from './quota-under-test.ts'

/** What every driver of the store promises, as tests of the file that calls this. */
export function quotaContract(own: QuotaUnderTest): void {
  beforeEach(() => own.empty())
  describe('taking', () => {
    taking(own)
  })
  describe('leases', () => {
    leases(own)
  })
  describe('settling', () => {
    settling(own)
  })
  describe('time', () => {
    budgetsOverTime(own)
  })
  describe('debits', () => {
    debits(own)
  })
  describe('misuse', () => {
    misuse(own)
  })
}

function debits(own: QuotaUnderTest): void {
  const { store } = own

  test('are what settled grants spent and forfeited ones held, all budgets of the partitions together; what is open is not among them', async () => {
    const [ada, ben] = ['ada', 'ben'].map((subject) => ({ ...calendarWindow(1000), subject }))
    if (ada === undefined || ben === undefined) throw new Error('There are two.')
    const control = { ...bucket(1000), partition: 'control' as const, subject: 'ada' }
    const spent = await granted(store.reserve([ada, bucket(1000)], exactly(30)))
    await store.settle(spent.id, 12)
    const spentControl = await granted(store.reserve([control], exactly(5)))
    await store.settle(spentControl.id, 5)
    const lost = await granted(store.reserve([ben], { ...exactly(40), forfeitMs: 50 }))
    await own.pass(51)
    await store.tend(randomUUID())
    const open = await granted(store.reserve([ada], exactly(7)))
    const told = await store.debits(['day', 'control'])
    expect(new Map(told.bySubject)).toEqual(
      new Map([
        ['ada', 17],
        ['ben', 40],
      ]),
    )
    expect(told.open).toEqual(new Set([open.id]))
    expect(told.openSinceUs).toBe(open.takenAtUs)
    expect(told.atUs).toBeGreaterThan(open.takenAtUs)
    expect(told.forfeits.map(({ id }) => id)).toEqual([lost.id])
  })

  test('a forfeit is told until somebody has taken note of it, with what it held and where that came from', async () => {
    const claims = [calendarWindow(1000), bucket(500)]
    const lost = await granted(store.reserve(claims, { ...exactly(40), forfeitMs: 50 }))
    await own.pass(51)
    await store.tend(randomUUID())
    const [forfeit, ...more] = await store.forfeits()
    expect(more).toEqual([])
    expect(forfeit).toMatchObject({
      id: lost.id,
      points: 40,
      claims: claims.map(({ partition, subject }) => ({ partition, subject })),
    })
    expect(await store.forfeits()).toHaveLength(1)
    await store.noteForfeits([lost.id])
    await store.noteForfeits([lost.id])
    expect(await store.forfeits()).toEqual([])
  })
}

function taking({ store, another }: QuotaUnderTest): void {
  test('points are taken from every claim, and the levels are those after it', async () => {
    const claims = [bucket(100), calendarWindow(1000)]
    const grant = await granted(store.reserve(claims, exactly(30)))
    expect(grant.points).toBe(30)
    expect(grant.levels.map((level) => level.partition)).toEqual(['burst', 'day'])
    expect(grant.levels.map((level) => Math.round(level.remaining))).toEqual([70, 970])
    expect(await remaining(store, ...claims)).toEqual([70, 970])
  })

  test('where one claim is short, nothing is taken from any', async () => {
    const [ample, short] = [bucket(100), calendarWindow(10)]
    await granted(store.reserve([short], exactly(8)))
    const refusal = await refused(store.reserve([ample, short], exactly(3)))
    expect(refusal.partition).toBe('day')
    expect(refusal.levels.map((level) => Math.round(level.remaining))).toEqual([100, 2])
    expect(await remaining(store, ample, short)).toEqual([100, 2])
  })

  test('the last point of a budget can be spent, and the next one not', async () => {
    const claims = [calendarWindow(10)]
    await granted(store.reserve(claims, exactly(10)))
    expect(await refused(store.reserve(claims, exactly(1)))).toMatchObject({ partition: 'day' })
  })

  test('levels are told in the order of the claims and take nothing', async () => {
    const claims = [calendarWindow(50), bucket(7)]
    const levels = await store.levels(claims)
    expect(levels.map((level) => level.partition)).toEqual(['day', 'burst'])
    expect(await remaining(store, ...claims)).toEqual([50, 7])
  })

  test('budgets of one partition are apart for each subject, whatever it is called', async () => {
    const subjects = ['2001:db8::/64', 'o\'{}"\\,null', '*', 'zażółć']
    const claims = subjects.map((subject) => ({ ...bucket(100), subject }))
    for (const [place, one] of claims.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await granted(store.reserve([one], exactly(place + 1)))
    }
    expect(await remaining(store, ...claims)).toEqual([99, 98, 97, 96])
  })

  test('many gateways at once never take more than there is, and wait for each other in one order', async () => {
    const shared = calendarWindow(1000)
    const others = [bucket(1000), calendarWindow(1000, 'month'), bucket(1000)]
    const stores = [store, await another(), await another(), await another()]
    const claims = [shared, ...others]
    const asked = stores.flatMap((one) =>
      Array.from({ length: 8 }, () => [
        one.reserve(claims, exactly(37)),
        one.reserve(claims.toReversed(), exactly(37)),
      ]),
    )
    const answers = await Promise.all(asked.flat())
    expect(answers.filter((answer) => answer.kind === 'granted')).toHaveLength(27)
    expect(await remaining(store, ...claims)).toEqual([1, 1, 1, 1])
  })
}

function leases({ store }: QuotaUnderTest): void {
  test('a lease is a twentieth of the smallest remainder', async () => {
    const claims = [bucket(20_000), calendarWindow(2000)]
    expect((await granted(store.reserve(claims, atLeast(2)))).points).toBe(100)
    expect((await granted(store.reserve(claims, atLeast(2)))).points).toBe(95)
    expect(await remaining(store, ...claims)).toEqual([19_805, 1805])
  })

  test('a lease that would not last for ten operations is none', async () => {
    const claims = [bucket(2000)]
    expect((await granted(store.reserve(claims, atLeast(11)))).points).toBe(11)
    expect((await granted(store.reserve([bucket(2000)], atLeast(10)))).points).toBe(100)
  })

  test('of what everybody shares a lease is a tenth of that: those of many leave most of it to others', async () => {
    const shared = { ...bucket(20_000), partition: 'service-burst' } as const
    const month = { ...calendarWindow(16_000), partition: 'service-month' } as const
    expect((await granted(store.reserve([bucket(2000), shared], atLeast(2)))).points).toBe(100)
    expect((await granted(store.reserve([bucket(1000), shared], atLeast(2)))).points).toBe(50)
    expect((await granted(store.reserve([bucket(2000), shared, month], atLeast(2)))).points).toBe(
      80,
    )
    expect((await granted(store.reserve([bucket(2000), shared], atLeast(10)))).points).toBe(10)
    expect(await remaining(store, shared, month)).toEqual([19_760, 15_920])
  })

  test('who wants no lease gets exactly what was asked for', async () => {
    expect((await granted(store.reserve([bucket(2000)], exactly(2)))).points).toBe(2)
  })

  test('a lease of an enormous budget is a whole number that GraphQL can say', async () => {
    const claims = [bucket(Number.MAX_SAFE_INTEGER)]
    expect((await granted(store.reserve(claims, atLeast(1)))).points).toBe(2_147_483_647)
  })
}

function settling({ store, counters }: QuotaUnderTest): void {
  test('what was not spent goes back to every claim', async () => {
    const claims = [bucket(100), calendarWindow(1000)] as const
    const { id } = await granted(store.reserve(claims, exactly(30)))
    await store.settle(id, 12)
    expect(await remaining(store, ...claims)).toEqual([88, 988])
    const counted = { reserved: 30, refunded: 18, forfeited: 0 }
    expect(await counters(claims[0])).toEqual(counted)
    expect(await counters(claims[1])).toEqual(counted)
  })

  test('a grant is settled once: a second time changes nothing', async () => {
    const claims = [bucket(100)] as const
    const { id } = await granted(store.reserve(claims, exactly(30)))
    await store.settle(id, 30)
    await store.settle(id, 0)
    expect(await remaining(store, ...claims)).toEqual([70])
    expect(await counters(claims[0])).toEqual({ reserved: 30, refunded: 0, forfeited: 0 })
  })

  test('a grant that nobody knows is settled already', async () => {
    await expect(store.settle(randomUUID(), 5)).resolves.toBeUndefined()
  })

  test('nothing can be settled with more than it took, and that changes nothing', async () => {
    const claims = [bucket(100)]
    const { id } = await granted(store.reserve(claims, exactly(30)))
    await expect(store.settle(id, 31)).rejects.toThrow('30 points can not be settled with 31')
    await store.settle(id, 10)
    expect(await remaining(store, ...claims)).toEqual([90])
  })

  test('a raised or lowered capacity applies at once to what remains', async () => {
    const own = calendarWindow(100)
    await granted(store.reserve([own], exactly(60)))
    expect(await remaining(store, withCapacity(own, 500))).toEqual([440])
    expect(await remaining(store, withCapacity(own, 50))).toEqual([0])
    expect(await refused(store.reserve([withCapacity(own, 50)], exactly(1)))).toBeDefined()
    expect(await remaining(store, own)).toEqual([40])
  })
}

function misuse({ store }: QuotaUnderTest): void {
  test.each([0, -1, 1.5, Number.NaN, Infinity, 2_147_483_648])(
    'points that are not whole, or none, or too many for GraphQL, are a defect: %d',
    async (points) => {
      const claims = [bucket(Number.MAX_SAFE_INTEGER)]
      await expect(store.reserve(claims, exactly(points))).rejects.toThrow('points are whole')
      expect(await remaining(store, ...claims)).toEqual([Number.MAX_SAFE_INTEGER])
    },
  )

  test.each([-1, 0.5, Number.NaN, 2_147_483_648])(
    'settling with what are no points is a defect: %d',
    async (points) => {
      const { id } = await granted(store.reserve([bucket(10)], exactly(1)))
      await expect(store.settle(id, points)).rejects.toThrow('points are whole')
    },
  )

  test('asking for more than a budget ever holds is a defect, not an endless wait', async () => {
    const claims = [bucket(100), calendarWindow(10)]
    await expect(store.reserve(claims, exactly(11))).rejects.toThrow('too small')
  })

  test.each(['', '\0', 'x'.repeat(201)])(
    'a subject that no driver can keep is a defect, and of that caller alone: %j',
    async (subject) => {
      const [own, other] = [bucket(10), bucket(10)]
      const asked = [
        store.reserve([own], exactly(1)),
        store.reserve([own, { ...other, subject }], exactly(1)),
        store.reserve([other], exactly(1)),
      ]
      const outcomes = await Promise.allSettled(asked)
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(await remaining(store, own, other)).toEqual([9, 9])
    },
  )

  test('no claim, one budget twice, a bucket that stays empty and an id that is none are defects', async () => {
    const one = bucket(10)
    await expect(store.reserve([], exactly(1))).rejects.toThrow('at least one budget')
    await expect(store.levels([one, one])).rejects.toThrow('claimed twice')
    await expect(store.levels([bucket(10, 0)])).rejects.toThrow('restored')
    await expect(store.settle('1', 0)).rejects.toThrow('UUID')
    await expect(store.tend('me')).rejects.toThrow('UUID')
  })
}
