import { type PolicyWindow, WINDOW_HOURS } from './oversight-policy.ts'

export const HOUR_MS = 3_600_000

/** The hours (UTC) that a window takes in: the present one and those before it; the oldest counts for what it still shares with the window. */
export interface HoursOfWindow {
  readonly oldest: Date
  /** Of the oldest hour: between 0 and 1. */
  readonly oldestShare: number
}

/** The window that ends now. Use within an hour is taken to be even. */
export function hoursOfWindow(over: PolicyWindow, now: Date): HoursOfWindow {
  const passedMs = now.getTime() % HOUR_MS
  const oldestMs = now.getTime() - passedMs - WINDOW_HOURS[over] * HOUR_MS
  return { oldest: new Date(oldestMs), oldestShare: 1 - passedMs / HOUR_MS }
}
