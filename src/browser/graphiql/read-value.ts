/** Whether the value is an object whose members can be read. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** The value where it is a number; else null. */
export function readNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

/** The value where it is a text; else null. */
export function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
