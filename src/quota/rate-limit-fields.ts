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
  const flag = mode === 'emergency' ? EMERGENCY : ''
  let limits = ''
  for (const { partition, remaining, resetMs } of levels) {
    const gap = limits === '' ? '"' : ', "'
    const seconds = atMost(Math.ceil(resetMs / 1000))
    limits += `${gap}${partition}";r=${atMost(Math.floor(remaining))};t=${seconds}${flag}`
  }
  return { 'RateLimit-Policy': policiesOf(levels, flag), RateLimit: limits }
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

const EMERGENCY = ';maat-mode="emergency"'
const POINTS = 'maat-unit="points"'
const DAY_SECONDS = 86_400

/** The largest integer, and the smallest that makes sense here, of a structured field. */
const INTEGER_MAX = 999_999_999_999_999

function atMost(value: number): number {
  return Math.max(0, Math.min(INTEGER_MAX, value))
}

/** Policies as they were printed last for budgets that begin with the same one. */
interface PrintedPolicies {
  readonly budgets: readonly Pick<BudgetLevel, 'partition' | 'budget'>[]
  readonly flag: string
  readonly text: string
}

const printed = new WeakMap<Budget, PrintedPolicies>()

/** Printed once for each client and not for each answer: claims keep their budgets. */
function policiesOf(levels: readonly BudgetLevel[], flag: string): string {
  const first = levels[0]?.budget
  if (first === undefined) return ''
  const last = printed.get(first)
  if (last?.flag === flag && areSame(last.budgets, levels)) return last.text
  const text = levels.map((level) => policyOf(level) + flag).join(', ')
  const budgets = levels.map(({ partition, budget }) => ({ partition, budget }))
  printed.set(first, { budgets, flag, text })
  return text
}

function areSame(budgets: PrintedPolicies['budgets'], levels: readonly BudgetLevel[]): boolean {
  if (budgets.length !== levels.length) return false
  for (let index = 0; index < levels.length; index += 1) {
    const [one, other] = [budgets[index], levels[index]]
    if (one?.budget !== other?.budget || one?.partition !== other?.partition) return false
  }
  return true
}

function policyOf({ partition, budget }: BudgetLevel): string {
  return `"${partition}";q=${budget.capacity}${windowOf(partition, budget)};${unitOf(partition)}`
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
