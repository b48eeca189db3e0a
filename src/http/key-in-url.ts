import { mentionsKey } from '../auth/mentions-key.ts'
import { apiError } from '../errors.ts'

/**
 * Refuses a URL that holds what looks like an API key: URLs end up in histories, logs and referrers.
 * @throws {ApiError} KEY_IN_URL
 */
export function refuseKeyInUrl(url: string): void {
  if (mentionsKey(url)) throw apiError('KEY_IN_URL')
}
