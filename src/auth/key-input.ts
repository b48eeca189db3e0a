import { z } from 'zod'
import type { AccountRole } from '../database/tables.generated.ts'
import { LEVELS, ROLE_CAPS } from './access.ts'
import { networksSchema, originsSchema } from './keys/restrictions.ts'

/** How long a key may live from its making, in seconds; both bounds included. */
export interface KeyLifetime {
  readonly secondsMin: number
  readonly secondsMax: number
}

export const KEY_LIFETIME: KeyLifetime = { secondsMin: 60, secondsMax: 365 * 86_400 }

/** Seconds that a key lives where nothing else is asked for. */
export const DEFAULT_LIFETIME_SECONDS = 30 * 86_400

export const KEY_NAME_LENGTH_MAX = 200

/** What the making of a key depends on beside its input. */
export interface KeyBounds {
  readonly role: AccountRole
  readonly now: Date
  readonly lifetime: KeyLifetime
}

export const keyNameSchema = z
  .string()
  .trim()
  .refine(hasNameLength, {
    error: ({ input }) =>
      `A key's name has 1 to ${KEY_NAME_LENGTH_MAX} characters, not ${lengthOf(String(input))}.`,
  })

/** What an owner may ask for in a new key. */
export function keySchema({ role, now, lifetime }: KeyBounds) {
  return z.object({
    name: keyNameSchema,
    level: levelSchema(role),
    expiresAt: expirySchema(now, lifetime).nullish(),
    /** Networks that it may be used from; none: any. */
    networks: networksSchema.nullish(),
    /** Web origins that it may be used from; none: any. */
    origins: originsSchema.nullish(),
  })
}

export type KeyInput = z.input<ReturnType<typeof keySchema>>
export type CheckedKey = z.output<ReturnType<typeof keySchema>>

/** When a new key may expire. */
export function expirySchema(now: Date, { secondsMin, secondsMax }: KeyLifetime) {
  const secondsTo = (date: Date) => (date.getTime() - now.getTime()) / 1000
  return z.date().refine((date) => secondsTo(date) >= secondsMin && secondsTo(date) <= secondsMax, {
    error: ({ input }) =>
      `A key lives from ${secondsMin} seconds to ${secondsMax / 86_400} days, not ${secondsTo(input as Date)} seconds.`, // passed z.date()
  })
}

/** When a key expires of which nothing is asked but that it lives so long: as far as the bounds allow. */
export function expiryAfter(
  seconds: number,
  { now, lifetime: { secondsMin, secondsMax } }: Pick<KeyBounds, 'now' | 'lifetime'>,
): Date {
  return new Date(now.getTime() + Math.min(secondsMax, Math.max(secondsMin, seconds)) * 1000)
}

function levelSchema(role: AccountRole) {
  const cap = ROLE_CAPS[role]
  const allowed = LEVELS.filter((level) => level <= cap)
  const levels = z.literal(allowed, {
    error: ({ input }) =>
      `An access level is a whole number from 0 to ${LEVELS.at(-1)}, and an account with the role ${role} gives those up to ${cap}, not ${String(input)}.`,
  })
  return z.number().pipe(levels)
}

function hasNameLength(name: string): boolean {
  return lengthOf(name) >= 1 && lengthOf(name) <= KEY_NAME_LENGTH_MAX
}

function lengthOf(name: string): number {
  return Array.from(name).length
}
