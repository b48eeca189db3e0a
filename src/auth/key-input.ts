import { z } from 'zod'
import type { AccountRole } from '../database/tables.generated.ts'
import type { Problem } from '../errors.ts'
import { problemsOf } from '../input-problems.ts'
import { type AccessLevel, isAccessLevel, LEVELS, ROLE_CAPS } from './access.ts'
import { networksSchema, originsSchema } from './keys/restrictions.ts'

/** How long a key may live from its making, in seconds; both bounds included. */
export interface KeyLifetime {
  readonly secondsMin: number
  readonly secondsMax: number
}

export const KEY_LIFETIME: KeyLifetime = { secondsMin: 60, secondsMax: 365 * 86_400 }

export const KEY_NAME_LENGTH_MAX = 200

/** What an owner asks for in a new key, not yet checked. */
export interface KeyInput {
  readonly name: string
  readonly level: number
  readonly expiresAt: Date
  /** Networks that it may be used from; none: any. */
  readonly networks?: readonly string[]
  /** Web origins that it may be used from; none: any. */
  readonly origins?: readonly string[]
}

export interface CheckedKeyInput extends KeyInput {
  readonly level: AccessLevel
}

export type KeyInputCheck =
  | { readonly kind: 'valid'; readonly input: CheckedKeyInput }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }

/** Whether a key may be made like this: valid, or everything that is wrong with it. */
export function checkKeyInput(
  input: KeyInput,
  bounds: { readonly role: AccountRole; readonly now: Date; readonly lifetime: KeyLifetime },
): KeyInputCheck {
  const problems = [
    ...nameProblems(input.name),
    ...levelProblems(input.level, bounds.role),
    ...lifetimeProblems(input.expiresAt, bounds.now, bounds.lifetime),
    ...restrictionProblems(input),
  ]
  const { level } = input
  if (problems.length > 0 || !isAccessLevel(level)) return { kind: 'invalid', problems }
  return { kind: 'valid', input: { name: input.name.trim(), level, expiresAt: input.expiresAt } }
}

function nameProblems(name: string): readonly Problem[] {
  const length = Array.from(name.trim()).length
  if (length >= 1 && length <= KEY_NAME_LENGTH_MAX) return []
  return [
    invalid('name', `A key's name has 1 to ${KEY_NAME_LENGTH_MAX} characters, not ${length}.`),
  ]
}

function levelProblems(level: number, role: AccountRole): readonly Problem[] {
  if (!isAccessLevel(level)) {
    return [
      invalid(
        'level',
        `An access level is a whole number from 0 to ${LEVELS.at(-1)}, not ${level}.`,
      ),
    ]
  }
  const cap = ROLE_CAPS[role]
  if (level <= cap) return []
  return [
    invalid('level', `An account with the role ${role} gives levels up to ${cap}, not ${level}.`),
  ]
}

function lifetimeProblems(expiresAt: Date, now: Date, lifetime: KeyLifetime): readonly Problem[] {
  const seconds = (expiresAt.getTime() - now.getTime()) / 1000
  // Asked this way round, a date that is none is out of bounds as well.
  if (seconds >= lifetime.secondsMin && seconds <= lifetime.secondsMax) return []
  return [
    invalid(
      'expiresAt',
      `A key lives from ${lifetime.secondsMin} seconds to ${lifetime.secondsMax / 86_400} days, not ${seconds} seconds.`,
    ),
  ]
}

function restrictionProblems({ networks = [], origins = [] }: KeyInput): readonly Problem[] {
  const read = RESTRICTIONS.safeParse({ networks, origins })
  return read.success ? [] : problemsOf(read.error, { networks, origins })
}

const RESTRICTIONS = z.object({ networks: networksSchema, origins: originsSchema })

function invalid(path: string, message: string): Problem {
  return { code: 'INPUT_INVALID', path, message }
}
