import { argon2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { apiError } from '../../errors.ts'
import type { RandomBytes } from '../api-key.ts'
import {
  parsePasswordHash,
  type PasswordHash,
  printPasswordHash,
  SALT_BYTES,
  TAG_BYTES,
} from './password-hash.ts'

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
        (password) => !hasLength(password) || !isCommon(password),
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
        return printPasswordHash({ ...COST, salt, tag })
      }),
    verify: (password, hash) =>
      queue(async () => {
        const known = hash === null ? dummy : parsePasswordHash(hash)
        const tag = await work(parametersOf(password, known))
        const isRight = timingSafeEqual(tag, known.tag) && hash !== null
        return { isRight, isOutdated: isRight && !hasPresentCost(known) }
      }),
  }
}

const promisifiedArgon2: Argon2 = (parameters) => promisify(argon2)('argon2id', parameters)

function parametersOf(password: string, hash: Omit<PasswordHash, 'tag'>): Argon2Parameters {
  const { memory, passes, parallelism, salt } = hash
  const message = Buffer.from(normalize(password))
  return { message, nonce: salt, memory, passes, parallelism, tagLength: TAG_BYTES }
}

function hasPresentCost({ memory, passes, parallelism }: PasswordHash): boolean {
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

/** Words that, with digits and signs around them, or said again, are the first that anybody tries. */
const COMMON: ReadonlySet<string> = new Set(
  'password passwort passphrase pass qwerty qwertz qwertyuiop qwertzuiop qwert qwer azerty asdf asdfgh asdfghjkl zxcvbnm yxcvbnm letmein welcome iloveyou admin administrator changeme secret abc abcdef test monkey dragon football sunshine princess maat sewing freesewing'.split(
    ' ',
  ),
)

/** Signs that are written for letters. */
const LETTERS: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
}

function isCommon(password: string): boolean {
  if (new Set(password).size < 5 || /^\d+$/.test(password) || isRun(password)) return true
  const lower = password.toLowerCase()
  const meant = lower
    .replaceAll(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, '')
    .replaceAll(/./gsu, (sign) => LETTERS[sign] ?? sign)
  return [lower, meant].some((text) => {
    const letters = text.replaceAll(/[^\p{L}]/gu, '')
    return COMMON.has(letters.replace(/^(.+?)\1+$/su, '$1'))
  })
}

/** Characters each as far from the one before: abcdefghij, 9876543210. */
function isRun(password: string): boolean {
  const points = Array.from(password, (character) => character.codePointAt(0) ?? 0)
  const steps = points.slice(1).map((point, at) => point - (points[at] ?? 0))
  return new Set(steps).size === 1
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
