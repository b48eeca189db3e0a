import { ACCESS, type Scope, type Standing } from './access.ts'
import { holds } from './check-scope.ts'
import type { Principal } from './principal.ts'

/** Why an operation is ended whose principal may do less than when it began. */
export class StandingNarrowed extends Error {
  override readonly name = 'StandingNarrowed'
  /** As it stands now. */
  readonly principal: Principal

  constructor(principal: Principal) {
    super('The standing of the principal has narrowed.')
    this.principal = principal
  }
}

/** Whether there is a scope that was held before and is not held now. */
export function isNarrower(now: Standing, before: Standing): boolean {
  return SCOPES.some((scope) => holds(before, scope) && !holds(now, scope))
}

// The keys of a table that is written out are its names, which Object.keys leaves open.
const SCOPES = Object.keys(ACCESS) as Scope[]
