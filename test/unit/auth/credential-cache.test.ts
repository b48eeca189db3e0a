import { expect, test, vi } from 'vitest'
import { createCredentialCache } from '../../../src/auth/credential-cache.ts'
import { ANONYMOUS_PRINCIPAL } from '../../../src/auth/principal.ts'
import type { KeyRecord } from '../../../src/auth/read-key.ts'
import { PATIENTLY } from '../../support/patiently.ts'

/** A cache over these keys, on a clock that stands until it is set; `reads` lists what reached the database. */
function cacheOver(...keys: string[]) {
  const reads: string[] = []
  let now = 0
  const cache = createCredentialCache({
    clock: () => new Date(now),
    async read(key) {
      reads.push(key)
      return keys.includes(key) ? record(key) : null
    },
  })
  return {
    cache,
    reads,
    find: (key: string) => cache.find(key),
    passSeconds: (seconds: number) => (now += seconds * 1000),
  }
}

function record(id: string): KeyRecord {
  return {
    publicId: `key_${id}`,
    expiresAtMs: 0,
    revocation: null,
    restriction: () => null,
    principal: { ...ANONYMOUS_PRINCIPAL, keyId: id, accountId: `account of ${id}` },
  }
}

test('a key that was read is answered at once, without a promise', async () => {
  const { find, reads } = cacheOver('a')
  const first = await find('a')
  expect(find('a')).toBe(first)
  expect(reads).toHaveLength(1)
})

test('a key is read again after 5 seconds, never served while that goes on', async () => {
  const { find, reads, passSeconds } = cacheOver('a')
  await find('a')
  passSeconds(4.999)
  expect(find('a')).not.toBeInstanceOf(Promise)
  passSeconds(0.001)
  expect(find('a')).toBeInstanceOf(Promise)
  expect(reads).toHaveLength(2)
})

test('the 5 seconds begin before the statement is sent', async () => {
  const { find, passSeconds } = cacheOver('a')
  const reading = find('a')
  passSeconds(2)
  await reading
  passSeconds(3)
  expect(find('a')).toBeInstanceOf(Promise)
})

test('concurrent misses of one key share one statement', async () => {
  const { find, reads } = cacheOver('a')
  await Promise.all([find('a'), find('a'), find('a')])
  expect(reads).toHaveLength(1)
})

test('the same guess reaches the database once in 5 seconds', async () => {
  const { find, reads, passSeconds } = cacheOver()
  expect(await find('guess')).toBeNull()
  expect(find('guess')).toBeNull()
  passSeconds(5)
  await find('guess')
  expect(reads).toHaveLength(2)
})

test('a flood of guesses evicts no key', async () => {
  const { find } = cacheOver('a')
  await find('a')
  for (let n = 0; n < 25_000; n += 1) await find(`guess ${n}`)
  expect(find('a')).toMatchObject({ publicId: 'key_a' })
})

test('a forgotten key is read again, the others are not', async () => {
  const { cache, find } = cacheOver('a', 'b')
  await Promise.all([find('a'), find('b')])
  cache.forget('a')
  expect(find('a')).toBeInstanceOf(Promise)
  expect(find('b')).not.toBeInstanceOf(Promise)
})

test('the keys of a forgotten account are read again', async () => {
  const { cache, find } = cacheOver('a', 'b')
  await Promise.all([find('a'), find('b')])
  cache.forget('account of a')
  expect(find('a')).toBeInstanceOf(Promise)
  expect(find('b')).not.toBeInstanceOf(Promise)
})

test('a cleared cache knows nothing, guesses included', async () => {
  const { cache, find } = cacheOver('a')
  await Promise.all([find('a'), find('guess')])
  cache.clear()
  expect([find('a'), find('guess')]).toEqual([expect.any(Promise), expect.any(Promise)])
})

test.each(['forget', 'clear'] as const)(
  'what a statement saw that was under way at %s is not kept and told to nobody',
  async (way) => {
    const seen = [record('before'), record('after')]
    const answers: ((record: KeyRecord | null) => void)[] = []
    const cache = createCredentialCache<KeyRecord>({
      clock: () => new Date(0),
      read: () => new Promise((resolve) => answers.push(resolve)),
    })
    const waiting = cache.find('a')
    cache[way]('another')
    answers[0]?.(seen[0] ?? null)
    await vi.waitFor(() => expect(answers).toHaveLength(2), PATIENTLY)
    answers[1]?.(seen[1] ?? null)
    expect(await waiting).toBe(seen[1])
    expect(cache.find('a')).toBe(seen[1])
  },
)

test('those who wait since before a change share one statement with those who come after it', async () => {
  const { cache, find, reads } = cacheOver('a')
  const before = find('a')
  cache.forget('a')
  const after = find('a')
  expect(await before).toBe(await after)
  expect(reads).toHaveLength(2)
})

test('a failed statement is told to everybody who waits, and tried again by the next', async () => {
  let reads = 0
  const cache = createCredentialCache({
    clock: () => new Date(0),
    async read() {
      reads += 1
      if (reads === 1) throw new Error('away')
      return record('a')
    },
  })
  const both = await Promise.allSettled([cache.find('a'), cache.find('a')])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await cache.find('a')).toMatchObject({ publicId: 'key_a' })
})
