import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'

import {
  type Argon2Parameters,
  createPasswords,
  passwordSchema,
} from '../../../../src/auth/sign-in/passwords.ts'

const PASSWORD = 'correct horse battery'
const RIGHT = { isRight: true, isOutdated: false }
const WRONG = { isRight: false, isOutdated: false }

describe('a password', () => {
  const passwords = createPasswords({ random: randomBytes })

  test('verifies against its hash, and no other does', async () => {
    const hash = await passwords.hash(PASSWORD)
    expect(hash).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    )
    expect(await passwords.verify(PASSWORD, hash)).toEqual(RIGHT)
    expect(await passwords.verify(`${PASSWORD}!`, hash)).toEqual(WRONG)
  })

  test('has another hash each time', async () => {
    expect(await passwords.hash(PASSWORD)).not.toBe(await passwords.hash(PASSWORD))
  })

  test('is the same however its characters are composed', async () => {
    const hash = await passwords.hash('Cafe\u0301 \uFB01ne and dandy')
    expect(await passwords.verify('Caf\u00E9 fine and dandy', hash)).toEqual(RIGHT)
  })

  test('is right and outdated where its hash has other parameters than today', async () => {
    const cheap = createPasswords({
      random: randomBytes,
      work: (parameters) => tagOf(parameters),
    })
    const hash = (await cheap.hash(PASSWORD)).replace('t=2', 't=1')
    expect(await cheap.verify(PASSWORD, hash)).toEqual({ isRight: true, isOutdated: true })
    expect(await cheap.verify('another one', hash)).toEqual(WRONG)
  })

  test('of an account that there is not is wrong, even where the work comes to the same', async () => {
    const dummy = Buffer.alloc(32, 7)
    const lucky = createPasswords({
      random: (size) => Buffer.alloc(size, 7),
      work: () => Promise.resolve(dummy),
    })
    expect(await lucky.verify(PASSWORD, null)).toEqual(WRONG)
  })

  test('takes the same work whether there is such an account or not', async () => {
    const works: Omit<Argon2Parameters, 'nonce'>[] = []
    const counted = createPasswords({
      random: randomBytes,
      work: (parameters) => {
        const { nonce, ...rest } = parameters
        expect(nonce).toHaveLength(16)
        works.push(rest)
        return tagOf(parameters)
      },
    })
    const hash = await counted.hash(PASSWORD)
    works.length = 0
    await counted.verify('wrong horse battery', hash)
    await counted.verify('wrong horse battery', null)
    expect(works).toHaveLength(2)
    expect(works[0]).toEqual(works[1])
    expect(works[0]).toMatchObject({ memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 })
  })
})

describe('of many passwords at a time', () => {
  test('so many are worked out, so many wait in their order, and one more is refused before any work', async () => {
    const { begun, endNext, passwords } = heldPasswords({ concurrency: 2, waiting: 3 })
    const answers = ['a', 'b', 'c', 'd', 'e'].map((password) => passwords.hash(password))
    await expect(passwords.hash('f')).rejects.toMatchObject({ code: 'OVERLOADED' })
    await expect(passwords.verify('g', null)).rejects.toMatchObject({ code: 'OVERLOADED' })
    const seen = [begun.join('')]
    for (const answer of answers) {
      endNext()
      await answer
      seen.push(begun.join(''))
    }
    expect(seen).toEqual(['ab', 'abc', 'abcd', 'abcde', 'abcde', 'abcde'])
  })

  test('one whose work fails leaves its place to the next', async () => {
    let runs = 0
    const passwords = createPasswords({
      random: randomBytes,
      concurrency: 1,
      waiting: 1,
      work: (parameters) => {
        runs += 1
        return runs === 1 ? Promise.reject(new Error('no memory')) : tagOf(parameters)
      },
    })
    const [first, second] = await Promise.allSettled([passwords.hash('a'), passwords.hash('b')])
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled'])
    await expect(passwords.hash('c')).resolves.toMatch(/^\$argon2id/)
  })
})

describe('a password that may be set', () => {
  test.each([
    PASSWORD,
    'ten chars!',
    'x7'.repeat(3) + 'Qv!9',
    '🧵✂️🪡👗🧶📏🪢🧷🎽🥻',
    'dragonfly over the pond',
    'pässwörtchen im wald',
  ])('is %j', (password) => {
    expect(passwordSchema.parse(password)).toBe(password.normalize('NFKC'))
  })

  test.each([
    ['has nine characters', 'nine char', 'A password has 10 to 256 characters.'],
    ['is far too long', 'ab'.repeat(500_000), 'A password has 10 to 256 characters.'],
    ['has 257 characters', 'abcdefg'.repeat(37).slice(2), 'A password has 10 to 256 characters.'],
    ['repeats one character', 'aaaaaaaaaaaa', 'among the first'],
    ['is digits alone', '314159265358', 'among the first'],
    ['is digits alone once it is normalized', '３１４１５９２６５３５８', 'among the first'],
    ['is a common word among signs', 'P@ssword-2026', 'among the first'],
    ['is a common word in capitals', '123PASSWORD456', 'among the first'],
    ['is a common word in signs for its letters', '!!Pa$$w0rd!!99', 'among the first'],
    ['says a common word again', 'qwerty-Qwerty-qwerty', 'among the first'],
    ['is a row of keys with digits between', '1q2w3e4r5t', 'among the first'],
    ['is a run of the alphabet', 'zyxwvutsrqponm', 'among the first'],
    ['is half a character', `${PASSWORD}\uD800`, 'whole Unicode characters'],
  ])('is none that %s, which is told without it', (_case, password, message) => {
    const { success, error } = passwordSchema.safeParse(password)
    expect(success).toBe(false)
    expect(error?.issues.map((issue) => issue.message).join()).toContain(message)
    expect(JSON.stringify(error)).not.toContain(password)
  })
})

/** A stand-in for argon2, by password, salt and cost but not the passes. */
function tagOf({ message, nonce }: Argon2Parameters): Promise<Buffer> {
  const tag = Buffer.alloc(32)
  Buffer.concat([message, nonce]).forEach((byte, at) => {
    tag[at % 32] = ((tag[at % 32] ?? 0) * 31 + byte) % 256
  })
  return Promise.resolve(tag)
}

/** Passwords whose work ends when it is told to, the earliest first. */
function heldPasswords(bounds: { readonly concurrency: number; readonly waiting: number }) {
  const begun: string[] = []
  const ends: (() => void)[] = []
  const passwords = createPasswords({
    ...bounds,
    random: randomBytes,
    work: (parameters) => {
      begun.push(parameters.message.toString())
      return new Promise((resolve) => ends.push(() => resolve(Buffer.alloc(32))))
    },
  })
  return { begun, endNext: () => ends.shift()?.(), passwords }
}
