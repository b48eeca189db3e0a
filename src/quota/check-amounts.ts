import { validate } from 'uuid'

import { isRate } from './rates.ts'
import type { Claim, Wanted } from './store.ts'

/** PostgreSQL's integer, and GraphQL's Int. */
const POINTS_MAX = 2_147_483_647

/** What an index of PostgreSQL holds, and its texts. */
const SUBJECT = /^[^\0]{1,200}$/

/** A driver may answer what these claims hold. @throws {Error} on a defect of the caller's */
export function checkClaims(claims: readonly Claim[]): void {
  demand(claims.length > 0, 'at least one budget is claimed')
  for (const { partition, subject, budget } of claims) {
    demand(SUBJECT.test(subject), `the subject of ${partition} is not empty, and a short text`)
    demand(isWhole(budget.capacity, Number.MAX_SAFE_INTEGER), 'a capacity is whole points')
    if (budget.kind === 'window') continue
    demand(isRate(budget.restorePerSecond), 'a bucket is restored')
  }
  const names = new Set(claims.map(({ partition, subject }) => `${partition}:${subject}`))
  demand(names.size === claims.length, 'no budget is claimed twice')
}

/** A driver may try to take this from these claims. @throws {Error} on a defect of the caller's */
export function checkWanted(claims: readonly Claim[], { points, forfeitMs }: Wanted): void {
  checkClaims(claims)
  demand(isWhole(points, POINTS_MAX), 'points are whole')
  demand(isWhole(forfeitMs, POINTS_MAX), 'milliseconds are whole')
  const isAffordable = claims.every(({ budget }) => budget.capacity >= points)
  demand(isAffordable, 'no budget is too small for what it is asked for')
}

/** A driver may settle this grant with that. @throws {Error} on a defect of the caller's */
export function checkSettlement(id: string, spent: number): void {
  checkId(id)
  demand(spent === 0 || isWhole(spent, POINTS_MAX), 'points are whole')
}

/** The id of a grant or a gateway. @throws {Error} when it is no UUID */
export function checkId(id: string): void {
  demand(validate(id), 'an id is a UUID')
}

function isWhole(amount: number, max: number): boolean {
  return Number.isSafeInteger(amount) && amount >= 1 && amount <= max
}

function demand(isTrue: unknown, rule: string): asserts isTrue {
  if (isTrue !== true) throw new Error(`A quota store is called against its rule: ${rule}.`)
}
