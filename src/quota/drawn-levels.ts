import type { Budget, Claim, Level } from './store.ts'

/** What is drawn on claims, in their order, at a moment in ms since 1970. */
export interface Drawn {
  readonly points: readonly number[]
  readonly atMs: number
}

/** What the claims hold then, in their order. */
export function levelsOf(claims: readonly Claim[], { points, atMs }: Drawn): readonly Level[] {
  return claims.map(({ partition, budget }, place) => {
    const drawn = points[place] ?? 0
    return {
      partition,
      remaining: Math.max(0, budget.capacity - drawn),
      resetMs: backMs(budget, drawn, atMs),
    }
  })
}

/** Which claim takes longest to hold as much as is asked for, and how long, in ms; null where all of them do. */
export function shortOf(
  claims: readonly Claim[],
  { points, atMs }: Drawn,
  asked: number,
): { readonly claim: Claim; readonly waitMs: number } | null {
  const waits = claims.map(({ budget }, place) => {
    const lacking = (points[place] ?? 0) + asked - budget.capacity
    return lacking > 0 ? backMs(budget, lacking, atMs) : 0
  })
  const waitMs = Math.max(...waits)
  const claim = claims[waits.indexOf(waitMs)]
  return waitMs === 0 || claim === undefined ? null : { claim, waitMs }
}

/** Milliseconds until so many points have come back to a budget. */
function backMs(budget: Budget, points: number, atMs: number): number {
  if (budget.kind === 'bucket') return Math.ceil((1000 * points) / budget.restorePerSecond)
  return Math.ceil(windowEndMs(budget.window, atMs) - atMs)
}

/** When the next calendar window begins in UTC. */
function windowEndMs(window: 'day' | 'month', atMs: number): number {
  const at = new Date(atMs)
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
  return window === 'day' ? Date.UTC(year, month, at.getUTCDate() + 1) : Date.UTC(year, month + 1)
}
