import { describe, expect, test } from 'vitest'

import { dropOldGuesses, GUESS_LIMITS, takeGuess } from '../../../src/auth/sign-in/guesses.ts'
import type { Guess, GuessKind } from '../../../src/auth/sign-in/guesses.ts'
import { ApiError } from '../../../src/errors.ts'
import { testDatabase } from '../../support/test-database.ts'
import { testVault } from '../../support/test-vault.ts'

const database = await testDatabase()
const acts = { database, vault: testVault() }

/** [kind, by, how many at once, seconds until one is back] */
const BUCKETS = (['sign-in', 'second-factor', 'sign-up', 'mailed-link'] as const).flatMap((kind) =>
  (['account', 'address'] as const).map((by) => {
    const { capacity, secondsBack } = GUESS_LIMITS[kind][by]
    return [kind, by, capacity, secondsBack] as const
  }),
)

test('so many guesses are free, and one is back in so many seconds', () => {
  expect(BUCKETS).toEqual([
    ['sign-in', 'account', 10, 60],
    ['sign-in', 'address', 30, 20],
    ['second-factor', 'account', 5, 60],
    ['second-factor', 'address', 30, 20],
    ['sign-up', 'account', 3, 1200],
    ['sign-up', 'address', 5, 17_280],
    ['mailed-link', 'account', 3, 1200],
    ['mailed-link', 'address', 20, 180],
  ])
})

describe.each(BUCKETS)('%s, by %s', (kind, by, capacity, secondsBack) => {
  test(`lets ${capacity} through at once and refuses the next, until one is back in ${secondsBack} s`, async () => {
    await empty()
    const guess = guessBy(kind, by)
    for (let n = 0; n < capacity; n += 1) expect(await waitOf(guess)).toBeNull()
    const wait = await waitOf(guess)
    expect(wait).toBeLessThanOrEqual(secondsBack)
    expect(wait).toBeGreaterThan(secondsBack - 20)
    // A refused guess draws nothing: the wait does not grow.
    expect(await waitOf(guess)).toBeLessThanOrEqual(secondsBack)
    await passSeconds(secondsBack)
    expect([await waitOf(guess), await waitOf(guess)]).toEqual([null, expect.any(Number)])
  })

  test(`lets exactly ${capacity} of many at the same time through`, async () => {
    await empty()
    const waits = await Promise.all(
      Array.from({ length: capacity + 10 }, () => waitOf(guessBy(kind, by))),
    )
    expect(waits.filter((wait) => wait === null)).toHaveLength(capacity)
  })

  test('is empty again before it is dropped', () => {
    expect(capacity * secondsBack).toBeLessThan(2 * 86_400)
  })
})

test('a refusal is RATE_LIMITED with whole seconds to wait', async () => {
  await empty()
  const guess: Guess = { kind: 'second-factor', account: 'ada', address: null }
  await drain(guess)
  await expect(takeGuess(acts, guess)).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    status: 429,
    extensions: { retryAfterSeconds: expect.toSatisfy(Number.isInteger) },
  })
})

describe('a guess by account and address', () => {
  test('that either refuses draws on neither', async () => {
    await empty()
    await drain({ kind: 'sign-up', account: null, address: '192.0.2.1' })
    const refused: Guess = { kind: 'sign-up', account: 'eva@example.org', address: '192.0.2.1' }
    for (let n = 0; n < 5; n += 1) expect(await waitOf(refused)).not.toBeNull()
    const elsewhere: Guess = { ...refused, address: '192.0.2.2' }
    const waits = [await waitOf(elsewhere), await waitOf(elsewhere), await waitOf(elsewhere)]
    expect(waits).toEqual([null, null, null])
  })

  test('waits for the slower of both', async () => {
    await empty()
    await drain({ kind: 'sign-up', account: null, address: '192.0.2.1' })
    await drain({ kind: 'sign-up', account: 'eva@example.org', address: null })
    const wait = await waitOf({ kind: 'sign-up', account: 'eva@example.org', address: '192.0.2.1' })
    expect(wait).toBeGreaterThan(17_000)
  })

  test('never waits in a circle with others that share one bucket or the other', async () => {
    await empty()
    const guesses = Array.from({ length: 60 }, (_, n) => ({
      kind: 'sign-in' as const,
      account: `account ${n % 5}`,
      address: `192.0.2.${n % 7}`,
    }))
    const waits = await Promise.all(guesses.map(waitOf))
    // Twelve at each of five accounts, which have ten each; the networks have room.
    expect(waits.filter((wait) => wait === null)).toHaveLength(50)
  })
})

test('accounts, networks and kinds have buckets of their own', async () => {
  await empty()
  await drain({ kind: 'sign-up', account: 'x', address: null })
  expect(await waitOf({ kind: 'sign-up', account: 'y', address: null })).toBeNull()
  expect(await waitOf({ kind: 'sign-up', account: null, address: 'x' })).toBeNull()
  expect(await waitOf({ kind: 'mailed-link', account: 'x', address: null })).toBeNull()
})

test('a name has one bucket however it is written', async () => {
  await empty()
  await drain({ kind: 'sign-in', account: 'Ada@Example.org', address: null })
  for (const account of [' ada@example.org', 'ADA@EXAMPLE.ORG ', 'ａda@example.org']) {
    expect(await waitOf({ kind: 'sign-in', account, address: null })).not.toBeNull()
  }
})

test('a guess by nobody from nowhere draws on nothing', async () => {
  await empty()
  await takeGuess(acts, { kind: 'sign-in', account: null, address: '' })
  expect(await subjects()).toEqual([])
})

test('the database holds digests, and neither names nor addresses', async () => {
  await empty()
  await takeGuess(acts, { kind: 'sign-in', account: 'ada', address: '192.0.2.1' })
  const held = await subjects()
  expect(held).toHaveLength(2)
  expect(held.filter((subject) => !/^[\w-]{43}$/.test(subject))).toEqual([])
})

test('a clock that was set back gives nothing back twice', async () => {
  await empty()
  const guess: Guess = { kind: 'second-factor', account: 'ada', address: null }
  await drain(guess)
  await passSeconds(-3600)
  expect(await waitOf(guess)).not.toBeNull()
  await database.pool.query('update guess set drawn = drawn - 1')
  expect(await waitOf(guess)).toBeNull()
  // The hour is not run through again: the bucket stays as it is until then.
  await passSeconds(3600)
  expect(await waitOf(guess)).not.toBeNull()
})

describe('buckets that nobody drew on for two days', () => {
  test('are dropped, and no others', async () => {
    await empty()
    await takeGuess(acts, { kind: 'sign-in', account: 'old', address: '192.0.2.1' })
    await passSeconds(2 * 86_400 + 1)
    await takeGuess(acts, { kind: 'sign-in', account: 'new', address: null })
    const young = await subjects()
    expect(young).toHaveLength(3)
    expect(await dropOldGuesses(acts)).toBe(2)
    expect(await subjects()).toHaveLength(1)
    expect(await dropOldGuesses(acts)).toBe(0)
  })

  test('stay while somebody draws on them', async () => {
    await empty()
    await takeGuess(acts, { kind: 'sign-in', account: 'held', address: null })
    await passSeconds(3 * 86_400)
    const client = await database.pool.connect()
    try {
      await client.query('begin')
      await client.query('select from guess for update')
      expect(await dropOldGuesses(acts)).toBe(0)
    } finally {
      await client.query('rollback')
      client.release()
    }
    expect(await dropOldGuesses(acts)).toBe(1)
  })
})

function guessBy(kind: GuessKind, by: 'account' | 'address'): Guess {
  return { kind, account: null, address: null, [by]: 'somebody' }
}

/** Seconds until such a guess is let through; null where it was. */
async function waitOf(guess: Guess): Promise<number | null> {
  try {
    await takeGuess(acts, guess)
    return null
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'RATE_LIMITED') throw error
    return Number(error.extensions['retryAfterSeconds'])
  }
}

async function drain(guess: Guess): Promise<void> {
  while ((await waitOf(guess)) === null);
}

/** As if so much time had passed since all that was drawn. */
async function passSeconds(seconds: number): Promise<void> {
  await database.pool.query(`update guess set at = at - $1 * interval '1 second'`, [seconds])
}

async function empty(): Promise<void> {
  await database.pool.query('delete from guess')
}

async function subjects(): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ subject: string }>('select subject from guess')
  return rows.map(({ subject }) => subject)
}
