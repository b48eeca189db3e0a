const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt]([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/

/** The moment that a text names as RFC 3339 has it; null for any other text, and for a day that no calendar has. */
export function parseMoment(written: string): Date | null {
  const [text = '', day = ''] = RFC_3339.exec(written) ?? []
  const moment = new Date(text)
  return Number.isNaN(moment.getTime()) || !isDay(day) ? null : moment
}

/** Date reads the 30th of February as the 2nd of March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}
