import { randomUUID } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { BATCH_MAX } from '../../../src/quota/exchange.ts'
import { createPostgresStore } from '../../../src/quota/postgres-store.ts'
import { countStatements } from '../../support/counted-statements.ts'
import {
  atLeast,
  bucket,
  calendarWindow,
  exactly,
  granted,
  refused,
  remaining,
} from '../../support/quota-under-test.ts'
import { testDatabase } from '../../support/test-database.ts'

const database = await testDatabase({ applicationName: 'maat-background' })
const statements = countStatements(database.pool)
const store = createPostgresStore(database)

/** How many statements it takes. */
async function sentFor(calls: () => Promise<unknown>): Promise<number> {
  const before = statements.sent
  await calls()
  return statements.sent - before
}

/** Sends something that has to come back before what is asked next leaves, as one batch. */
function occupy(): Promise<unknown> {
  return store.reserve([bucket(10)], exactly(1))
}

describe('what is sent together', () => {
  test('a call with nothing under way leaves at once, alone', async () => {
    const own = bucket(100)
    const sent = await sentFor(async () => {
      const { id } = await granted(store.reserve([own], exactly(30)))
      await store.settle(id, 10)
    })
    expect(sent).toBe(2)
    expect(await remaining(store, own)).toEqual([90])
  })

  test('what comes while a statement is under way leaves with the next, over the same connection', async () => {
    const held = await granted(store.reserve([bucket(100)], exactly(30)))
    const sent = await sentFor(() =>
      Promise.all([
        occupy(),
        ...Array.from({ length: 60 }, () => store.reserve([bucket(100)], exactly(1))),
        store.settle(held.id, 10),
      ]),
    )
    expect(sent).toBe(2)
    expect(database.pool.totalCount).toBe(1)
  })

  test('more than a statement carries is split', async () => {
    const own = bucket(1000)
    const rest = Array.from({ length: 2 * BATCH_MAX + 1 }, () => exactly(1))
    const sent = await sentFor(() =>
      Promise.all([occupy(), ...rest.map((wanted) => store.reserve([own], wanted))]),
    )
    expect(sent).toBe(4)
    expect(await remaining(store, own)).toEqual([1000 - rest.length])
  })
})

describe('in a batch', () => {
  test('each caller hears of what he asked for: grants, leases, refusals and settlements', async () => {
    const [ample, small, day] = [bucket(2000), bucket(10), calendarWindow(50)]
    const spent = await granted(store.reserve([ample, day], exactly(40)))
    const [, lease, tooMuch, settled, last] = await Promise.all([
      occupy(),
      granted(store.reserve([ample], atLeast(3))),
      refused(store.reserve([ample, day], exactly(13))),
      store.settle(spent.id, 38),
      granted(store.reserve([small, day], exactly(8))),
    ])
    expect(lease).toMatchObject({ points: 98, levels: [{ partition: 'burst' }] })
    expect(tooMuch).toMatchObject({ partition: 'day', levels: [{}, { remaining: 12 }] })
    expect(settled).toBeUndefined()
    expect(last.levels.map((level) => Math.round(level.remaining))).toEqual([2, 4])
    expect(await remaining(store, ample, small, day)).toEqual([1864, 2, 4])
  })

  test('who asked first is served first', async () => {
    const own = calendarWindow(10)
    const [, ...answers] = await Promise.all([
      occupy(),
      ...[4, 7, 5, 2, 1].map((points) => store.reserve([own], exactly(points))),
    ])
    expect(answers).toMatchObject([
      { kind: 'granted', levels: [{ remaining: 6 }] },
      { kind: 'refused', levels: [{ remaining: 6 }] },
      { kind: 'granted', levels: [{ remaining: 1 }] },
      { kind: 'refused', levels: [{ remaining: 1 }] },
      { kind: 'granted', levels: [{ remaining: 0 }] },
    ])
  })

  test('what is given back can be reserved', async () => {
    const own = calendarWindow(10)
    const { id } = await granted(store.reserve([own], exactly(10)))
    const [, next] = await Promise.all([
      occupy(),
      granted(store.reserve([own], exactly(7))),
      store.settle(id, 3),
    ])
    expect(next.levels).toMatchObject([{ remaining: 0 }])
  })

  test('a grant is settled by what was told first, but for what is more than it took', async () => {
    const own = bucket(100)
    const { id } = await granted(store.reserve([own], exactly(30)))
    const [, ...told] = await Promise.allSettled([
      occupy(),
      ...[31, 20, 0].map((spent) => store.settle(id, spent)),
    ])
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(await remaining(store, own)).toEqual([80])
  })

  test('a settlement with more than was taken fails alone', async () => {
    const own = bucket(100)
    const [first, second] = [
      await granted(store.reserve([own], exactly(30))),
      await granted(store.reserve([own], exactly(20))),
    ]
    const [, ...outcomes] = await Promise.allSettled([
      occupy(),
      store.settle(first.id, 31),
      store.settle(second.id, 5),
      store.settle(randomUUID(), 5),
      store.reserve([own], exactly(40)),
    ])
    expect(outcomes).toMatchObject([
      {
        status: 'rejected',
        reason: { message: 'A grant of 30 points can not be settled with 31.' },
      },
      { status: 'fulfilled' },
      { status: 'fulfilled' },
      { status: 'fulfilled', value: { kind: 'granted' } },
    ])
    await store.settle(first.id, 30)
    expect(await remaining(store, own)).toEqual([25])
  })

  test('two policies of one budget apply each to its own claim', async () => {
    const own = bucket(100, 0.1)
    const generous = {
      ...own,
      budget: { kind: 'bucket', capacity: 500, restorePerSecond: 10 },
    } as const
    const [, first, second] = await Promise.all([
      occupy(),
      granted(store.reserve([own], exactly(60))),
      granted(store.reserve([generous], exactly(60))),
    ])
    expect(first.levels).toEqual([{ partition: 'burst', remaining: 40, resetMs: 600_000 }])
    expect(second.levels).toEqual([{ partition: 'burst', remaining: 380, resetMs: 12_000 }])
  })
})
