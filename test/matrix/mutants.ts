import { readFileSync } from 'node:fs'
import { ACCESS, type AccessRule, ROLE_CAPS, type Scope } from '../../src/auth/access.ts'
import type { Edit } from './mutant-hook.ts'
import type { Part } from './matrix.ts'

/** A gateway with one rule that is wrong, and the part of the matrix that has to notice. */
export interface Mutant extends Edit {
  readonly name: string
  readonly part: Part
  /** The scope whose fields notice; absent where any field may. */
  readonly scope?: Scope
}

const SOURCE = readFileSync(new URL('../../src/auth/access.ts', import.meta.url), 'utf8')

/** Every rule of the access matrix, flipped in every way that makes a difference. */
export function accessMutants(scopes: readonly Scope[]): readonly Mutant[] {
  return scopes.flatMap((scope) => {
    const rule: AccessRule = ACCESS[scope]
    const find = lineOf(scope)
    return Object.entries(flipsOf(rule)).map(([what, flipped]): Mutant => ({
      name: `${scope}: ${what}`,
      file: 'auth/access.ts',
      find,
      replace: find.replace(/\{[\s\S]*\}/, () => JSON.stringify(flipped)),
      part: partOf(scope, what),
      scope,
    }))
  })
}

/** One scope is asked for by acts, of the accounts that they are given: too much of it shows where they should find nothing. */
function partOf(scope: Scope, flip: string): Part {
  if (scope !== 'accounts:write') return 'fields'
  return flip === `level ${ACCESS[scope].level - 1}` ? 'arguments' : 'changes'
}

/**
 * Level 9 is nobody's, and null everybody's. What a rule of null level says besides is never asked. A key for itself differs
 * from any key by the act alone: see edits.ts.
 */
function flipsOf(rule: AccessRule): Readonly<Record<string, object>> {
  const { level, by, consent, roles } = rule
  if (level === null) return { 'level 0': { ...rule, level: 0 } }
  const levels = [level - 1, level + 1].filter((flipped) => !isAlike(rule, flipped))
  const flips = levels.map((flipped) => [
    `level ${flipped}`,
    { ...rule, level: flipped < 0 ? null : flipped },
  ])
  return {
    ...Object.fromEntries(flips),
    ...(by === 'session'
      ? { 'by any': { ...rule, by: 'any' } }
      : { 'by session': { ...rule, by: 'session' } }),
    ...(consent === undefined
      ? { 'with consent': { ...rule, consent: 'measurements' } }
      : { 'without consent': { ...rule, consent: undefined } }),
    ...(roles === undefined
      ? { 'for users alone': { ...rule, roles: ['user'] } }
      : { 'for all roles': { ...rule, roles: undefined } }),
  }
}

/** Sessions have the level of a role, or 0: between 0 and the lowest of the roles no level differs from another. */
function isAlike({ level, by }: AccessRule, flipped: number): boolean {
  const lowest = Math.min(...Object.values(ROLE_CAPS))
  const isBetween = (one: number | null) => one !== null && one > 0 && one <= lowest
  return by === 'session' && isBetween(level) && isBetween(flipped)
}

function lineOf(scope: Scope): string {
  const [line] = new RegExp(`^ {2}'?${scope}'?: \\{[^}]*\\}`, 'm').exec(SOURCE) ?? []
  if (line === undefined) throw new Error(`${scope} has no row in the access matrix.`)
  return line
}
