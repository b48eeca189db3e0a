/** One fact, said twice. */
export interface Words {
  /** Fits one line. */
  readonly short: string
  /** Says what the short words leave out. */
  readonly full: string
}

/** "1 point", "5 000 points". */
export function pointsInWords(points: number): string {
  return `${numberInWords(points)} ${points === 1 ? 'point' : 'points'}`
}

/** A whole number with its thousands set apart. */
export function numberInWords(value: number): string {
  const digits = String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, '\u202F')
  return value >= MOST ? `at least ${digits}` : digits
}

/** A wait in its largest sensible unit, rounded up: "90 s", "3 min", "20 h". */
export function waitInWords(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`
  if (seconds < 7200) return `${Math.ceil(seconds / 60)} min`
  return `${Math.ceil(seconds / 3600)} h`
}

/** GraphQL's largest Int: a price there is this or more. */
const MOST = 2_147_483_647
