import { AsyncLocalStorage } from 'node:async_hooks'

import type { LogEvent } from 'kysely'

/** What statements took, in microseconds, as far as whoever sent them waited for them. */
export interface StatementTimes {
  us: number
}

const kept = new AsyncLocalStorage<StatementTimes>()

/** Runs this; what every statement takes that it sends over Kysely is added to the times. */
export function timingStatements<Result>(
  times: StatementTimes,
  run: () => Promise<Result>,
): Promise<Result> {
  return kept.run(times, run)
}

/** Kysely's log: adds the time of a statement where somebody wants to know. */
export function noteStatement({ queryDurationMillis }: LogEvent): void {
  const times = kept.getStore()
  if (times !== undefined) times.us += queryDurationMillis * 1000
}
