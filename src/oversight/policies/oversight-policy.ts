import type { InterventionStep } from '../../database/tables.generated.ts'

/** How many hours a policy looks back upon: the last ones, whatever the time of day. */
export const WINDOW_HOURS = { hour: 1, day: 24, week: 168 } as const

/** What a policy adds up of an account's operations. */
export const MEASURES = ['points', 'operations', 'refusals', 'databaseMs', 'bytes'] as const

export type PolicyWindow = keyof typeof WINDOW_HOURS
export type Measure = (typeof MEASURES)[number]

/** From how much use on which step is taken against an account, without anybody looking on. */
export interface OversightPolicy {
  readonly name: string
  readonly over: PolicyWindow
  readonly measure: Measure
  /** The step is taken from here on. */
  readonly above: number
  /** It ends with its time once use is below this; until then it is prolonged. */
  readonly below: number
  readonly step: InterventionStep
  /** Of `slower` alone: what is left of budgets, between 0 and 1. */
  readonly pace: number | null
  /** For how long the step is taken, and prolonged. */
  readonly forHours: number
}

/**
 * The table without a file of the operator's. Few accounts ever meet it, and what it does goes away by itself: a thousand
 * refusals a minute for an hour, an hour of the database's time within a day, four of them.
 */
export const OVERSIGHT_POLICIES: readonly OversightPolicy[] = [
  {
    name: 'many-refusals',
    over: 'hour',
    measure: 'refusals',
    above: 60_000,
    below: 6_000,
    step: 'notice',
    pace: null,
    forHours: 24,
  },
  {
    name: 'heavy-on-the-database',
    over: 'day',
    measure: 'databaseMs',
    above: 3_600_000,
    below: 1_800_000,
    step: 'notice',
    pace: null,
    forHours: 24,
  },
  {
    name: 'too-heavy-on-the-database',
    over: 'day',
    measure: 'databaseMs',
    above: 14_400_000,
    below: 7_200_000,
    step: 'slower',
    pace: 0.5,
    forHours: 24,
  },
]
