/** The size that a slicing argument says: a whole number, at least 0; null for anything else. */
export function sizeOf(value: unknown): number | null {
  const size = typeof value === 'bigint' ? Number(value) : value
  return typeof size === 'number' && Number.isInteger(size) ? Math.max(0, size) : null
}
