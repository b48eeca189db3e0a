import type { BudgetLevel } from './quota.ts'
import type { Budget } from './store.ts'

/**
 * The response fields that tell a client of these budgets, in their order; none where there are no budgets. Remaining is
 * rounded down, the time until a budget is full again up, to whole seconds. In emergency mode each budget says so.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10
 */
export function rateLimitFields(
  levels: readonly BudgetLevel[],
  mode: 'normal' | 'emergency',
): Readonly<Record<string, string>> {
  if (levels.length === 0) return NONE
  const flag = mode === 'emergency' ? ';maat-mode="emergency"' : ''
  let policies = ''
  let limits = ''
  for (const { partition, budget, remaining, resetMs } of levels) {
    const gap = policies === '' ? '' : ', '
    policies += gap + policyOf(partition, budget) + flag
    const seconds = atMost(Math.ceil(resetMs / 1000))
    limits += `${gap}"${partition}";r=${atMost(Math.floor(remaining))};t=${seconds}${flag}`
  }
  return { 'RateLimit-Policy': policies, RateLimit: limits }
}

/** The budget with the fewest points left, the first of several; null where none of them is kept in points. */
export function fewestLeft(levels: readonly BudgetLevel[]): BudgetLevel | null {
  let fewest: BudgetLevel | null = null
  for (const level of levels) {
    if (unitOf(level.partition) !== POINTS) continue
    if (fewest === null || level.remaining < fewest.remaining) fewest = level
  }
  return fewest
}

const NONE: Readonly<Record<string, string>> = Object.freeze({})

const POINTS = 'maat-unit="points"'
const DAY_SECONDS = 86_400

/** The largest integer, and the smallest that makes sense here, of a structured field. */
const INTEGER_MAX = 999_999_999_999_999

function atMost(value: number): number {
  return Math.max(0, Math.min(INTEGER_MAX, value))
}

interface KnownPolicy {
  readonly partition: BudgetLevel['partition']
  readonly text: string
}

const known = new WeakMap<Budget, KnownPolicy>()

function policyOf(partition: BudgetLevel['partition'], budget: Budget): string {
  const printed = known.get(budget)
  if (printed?.partition === partition) return printed.text
  const text = `"${partition}";q=${budget.capacity}${windowOf(partition, budget)};${unitOf(partition)}`
  known.set(budget, { partition, text })
  return text
}

/** No time where there is none to tell: months differ, and operations end when they end. */
function windowOf(partition: BudgetLevel['partition'], budget: Budget): string {
  if (partition === 'in-flight') return ''
  if (budget.kind === 'window') return budget.window === 'day' ? `;w=${DAY_SECONDS}` : ''
  return `;w=${atMost(Math.ceil(budget.capacity / budget.restorePerSecond))}`
}

function unitOf(partition: BudgetLevel['partition']): string {
  if (partition === 'attempts') return 'maat-unit="attempts"'
  return partition === 'in-flight' ? 'qu="concurrent-requests"' : POINTS
}
