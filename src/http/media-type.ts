import type { IncomingHttpHeaders } from 'node:http'

import { apiError } from '../errors.ts'

/**
 * Refuses a body that is not plain JSON in UTF-8. A browser sends every other media type across origins unasked, so this
 * is what stands between a foreign page and a mutation.
 * @throws {ApiError} MEDIA_TYPE_UNSUPPORTED
 */
export function assertJsonBody(headers: IncomingHttpHeaders): void {
  const type = headers['content-type']
  if (type !== 'application/json' && !isJsonType(type)) throw apiError('MEDIA_TYPE_UNSUPPORTED')
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw apiError('MEDIA_TYPE_UNSUPPORTED', { message: 'Send the body without encoding.' })
  }
}

function isJsonType(type: string | undefined): boolean {
  return type !== undefined && JSON_TYPE.test(type)
}

// No two runs of space touch: where they did, a long one would be tried in every division.
const JSON_TYPE = /^application\/json\s*(?:;\s*(?:charset="?utf-8"?\s*(?:;\s*)?)?)?$/i
