const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const satisfies Record<string, number>

/** Seconds in `<n>s`, `<n>m`, `<n>h` or `<n>d`; null for any other text. n has up to nine digits and no sign. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text)
  if (match === null) return null
  const [, count, unit] = match
  return Number(count) * SECONDS[unit as keyof typeof SECONDS] // the expression lets no other unit through
}

const DURATION = new RegExp(`^(\\d{1,9})([${Object.keys(SECONDS).join('')}])$`)
