/** How many objects and lists may stand in one another. */
export const JSON_DEPTH_MAX = 32

/** Why a value that a client sends as JSON is not accepted, whatever it is for; null where it is. */
export function jsonFault(value: unknown): string | null {
  return faultAt(value, 0)
}

function faultAt(value: unknown, depth: number): string | null {
  // JSON.parse reads 1e999 so, and nothing writes it again.
  if (typeof value === 'number' && !Number.isFinite(value)) return TOO_LARGE
  if (typeof value !== 'object' || value === null) return null
  if (depth === JSON_DEPTH_MAX) return TOO_DEEP
  for (const member of Object.values(value)) {
    const fault = faultAt(member, depth + 1)
    if (fault !== null) return fault
  }
  return null
}

const TOO_DEEP = `At most ${JSON_DEPTH_MAX} objects and lists of JSON stand in one another here.`
const TOO_LARGE = 'A number of JSON is beyond what a double holds.'
