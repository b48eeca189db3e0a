import { apiError } from '../errors.ts'

/**
 * Refuses a URL that holds what looks like an API key: URLs end up in histories, logs and referrers.
 * @throws {ApiError} KEY_IN_URL
 */
export function refuseKeyInUrl(url: string): void {
  if (!url.includes('?') && !url.includes('%') && !url.includes(KEY_PREFIX)) return
  if (decoded(url).toLowerCase().includes(KEY_PREFIX)) throw apiError('KEY_IN_URL')
}

const KEY_PREFIX = 'maat_sk_'

/** Every escape of an ASCII character undone, however often it was escaped; malformed ones stay as they are. */
function decoded(url: string): string {
  let text = url
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const next = text.replaceAll(/%([0-7][0-9a-f])/gi, (_escape, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    if (next === text) return text
    text = next
  }
  return text
}

const ROUNDS_MAX = 3
