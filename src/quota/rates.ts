/** Points a second at which a bucket may fill. Slower, and the wait for a point is no number any more. */
export const RATES = { min: 1e-9, max: 1e9 } as const

export function isRate(value: unknown): value is number {
  return typeof value === 'number' && value >= RATES.min && value <= RATES.max
}
