import { expect, test } from 'vitest'

import { parsePasswordHash, printPasswordHash } from '../../../../src/auth/sign-in/password-hash.ts'

const SALT = 'c2FsdHNhbHRzYWx0c2FsdA'
const TAG = 'AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA'

test('a hash reads as what was printed', () => {
  const text = `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG}`
  const hash = {
    memory: 19_456,
    passes: 2,
    parallelism: 1,
    salt: Buffer.from('saltsaltsaltsalt'),
    tag: Buffer.from(Array.from({ length: 32 }, (_, at) => at + 1)),
  }
  expect(parsePasswordHash(text)).toEqual(hash)
  expect(printPasswordHash(hash)).toBe(text)
})

test.each([
  ['an empty text', ''],
  ['a hash of another algorithm', `$argon2i$v=19$m=19456,t=2,p=1$${SALT}$${TAG}`],
  ['a hash of another version', `$argon2id$v=16$m=19456,t=2,p=1$${SALT}$${TAG}`],
  ['a hash that costs too much memory', `$argon2id$v=19$m=262145,t=2,p=1$${SALT}$${TAG}`],
  ['a hash that costs too many passes', `$argon2id$v=19$m=19456,t=17,p=1$${SALT}$${TAG}`],
  ['a hash of too many lanes', `$argon2id$v=19$m=19456,t=2,p=5$${SALT}$${TAG}`],
  ['a hash of no passes', `$argon2id$v=19$m=19456,t=0,p=1$${SALT}$${TAG}`],
  ['a hash of too little memory for its lanes', `$argon2id$v=19$m=15,t=2,p=2$${SALT}$${TAG}`],
  ['a cost with leading zeros', `$argon2id$v=19$m=019456,t=2,p=1$${SALT}$${TAG}`],
  ['a salt with loose last bits', `$argon2id$v=19$m=19456,t=2,p=1$${SALT.slice(0, -1)}B$${TAG}`],
  ['a short tag', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG.slice(1)}`],
  ['padding', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}==$${TAG}=`],
  ['a line break behind it', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${TAG}\n`],
])('%s is refused, and does not pass into the error', (_case, text) => {
  expect(() => parsePasswordHash(text)).toThrow(/^A stored password hash is none\.$/)
})
