import { argon2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { apiError } from '../../errors.ts'
import type { RandomBytes } from '../api-key.ts'

export interface Passwords {
  /**
   * Argon2id of the password as a PHC string, under a salt of its own.
   * @throws {ApiError} OVERLOADED where too many wait already
   */
  readonly hash: (password: string) => Promise<string>
  /**
   * Whether this is the password of the hash, and whether the hash is of older parameters. null: as much work, for nothing.
   * @throws {ApiError} OVERLOADED where too many wait already
   */
  readonly verify: (password: string, hash: string | null) => Promise<Verified>
}

export interface Verified {
  readonly isRight: boolean
  readonly isOutdated: boolean
}

export interface PasswordOptions {
  readonly random: RandomBytes
  /** How many are worked out at a time: each takes 19 MiB and a thread. */
  readonly concurrency?: number
  /** How many wait at most. */
  readonly waiting?: number
  readonly work?: Argon2
}

/** Argon2id, as node:crypto has it. */
export type Argon2 = (parameters: Argon2Parameters) => Promise<Buffer>

export interface Argon2Parameters {
  readonly message: Buffer
  readonly nonce: Buffer
  readonly parallelism: number
  readonly tagLength: number
  /** KiB. */
  readonly memory: number
  readonly passes: number
}

/** @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const
const SALT_BYTES = 16
const TAG_BYTES = 32

export const PASSWORD_LENGTH = { min: 10, max: 256 } as const

/** A password that may be set. What is wrong with one is told without it. */
export const passwordSchema: z.ZodType<string> = z
  .string()
  .transform(normalize)
  .pipe(
    z
      .string()
      .refine(isWellFormed, 'A password is made of whole Unicode characters.')
      .refine(
        hasLength,
        `A password has ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters.`,
      )
      .refine(
        (password) => !isCommon(password),
        'This password is among the first that anybody would guess.',
      ),
  )

/** Hashes and checks passwords, a few at a time; beyond those that may wait it refuses before any work. */
export function createPasswords(options: PasswordOptions): Passwords {
  const { random, concurrency = 2, waiting = 64, work = promisifiedArgon2 } = options
  const queue = createQueue(concurrency, waiting)
  const dummy = {
    ...COST,
    salt: Buffer.from(random(SALT_BYTES)),
    tag: Buffer.from(random(TAG_BYTES)),
  }

  return {
    hash: (password) =>
      queue(async () => {
        const salt = Buffer.from(random(SALT_BYTES))
        const tag = await work(parametersOf(password, { ...COST, salt }))
        return printHash({ ...COST, salt, tag })
      }),
    verify: (password, hash) =>
      queue(async () => {
        const known = hash === null ? dummy : parseHash(hash)
        const tag = await work(parametersOf(password, known))
        const isRight = timingSafeEqual(tag, known.tag) && hash !== null
        return { isRight, isOutdated: isRight && !hasPresentCost(known) }
      }),
  }
}

const promisifiedArgon2: Argon2 = (parameters) => promisify(argon2)('argon2id', parameters)

interface Hash {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  readonly salt: Buffer
  readonly tag: Buffer
}

function parametersOf(password: string, hash: Omit<Hash, 'tag'>): Argon2Parameters {
  const { memory, passes, parallelism, salt } = hash
  const message = Buffer.from(normalize(password))
  return { message, nonce: salt, memory, passes, parallelism, tagLength: TAG_BYTES }
}

/** @see https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md */
function printHash({ memory, passes, parallelism, salt, tag }: Hash): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

/** No hash that is read has more work done than this: a quarter GiB, 16 times. */
const COST_MAX = { memory: 262_144, passes: 16, parallelism: 4 } as const

function parseHash(text: string): Hash {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(text) ?? []
  const hash = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
  // Printed again, it is the same: leading zeros and loose last bits are none of ours.
  if (!isBearable(hash) || printHash(hash) !== text) {
    throw new Error('A stored password hash is none.')
  }
  return hash
}

function isBearable({ memory, passes, parallelism }: Hash): boolean {
  return (
    passes >= 1 &&
    passes <= COST_MAX.passes &&
    parallelism >= 1 &&
    parallelism <= COST_MAX.parallelism &&
    memory >= 8 * parallelism &&
    memory <= COST_MAX.memory
  )
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}

function hasPresentCost({ memory, passes, parallelism }: Hash): boolean {
  return memory === COST.memory && passes === COST.passes && parallelism === COST.parallelism
}

function normalize(password: string): string {
  return password.normalize('NFKC')
}

/** Halves of a surrogate pair would all be hashed as the same sign. */
function isWellFormed(password: string): boolean {
  return password.isWellFormed()
}

function hasLength(password: string): boolean {
  const length = Array.from(password).length
  return length >= PASSWORD_LENGTH.min && length <= PASSWORD_LENGTH.max
}

/** Words that, with digits and signs around them, are the first that anybody tries. */
const COMMON: ReadonlySet<string> = new Set(
  'password passwort passphrase pass qwerty qwertz qwertyuiop azerty letmein welcome iloveyou admin administrator changeme secret abc abcdef test monkey dragon football sunshine princess maat sewing freesewing'.split(
    ' ',
  ),
)

function isCommon(password: string): boolean {
  if (new Set(password).size < 5 || /^\d+$/.test(password)) return true
  return COMMON.has(password.toLowerCase().replaceAll(/[^\p{L}]/gu, ''))
}

/** At most so many at a time, and so many behind them. */
function createQueue(concurrency: number, waiting: number) {
  let running = 0
  const queue: (() => void)[] = []
  return async <T>(run: () => Promise<T>): Promise<T> => {
    if (running >= concurrency) {
      if (queue.length >= waiting) throw apiError('OVERLOADED')
      await new Promise<void>((resolve) => void queue.push(resolve))
    } else running += 1
    try {
      return await run()
    } finally {
      // The place goes to the next one, or becomes free.
      const next = queue.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
