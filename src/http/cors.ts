/** Response fields that open an answer to another origin. */
export type CorsHeaders = Readonly<Record<string, string>>

export interface CorsPolicy {
  /** Fields for an actual answer to a page of this origin. */
  headers(origin: string | undefined): CorsHeaders
  /** Fields for the answer to a preflight from this origin. */
  preflight(origin: string | undefined, methods: readonly string[]): CorsHeaders
}

/**
 * Who may read answers from another origin. Listed origins may, with credentials. Without a list, or with `*` in it,
 * everybody may, and never with credentials: an API key is all that such a page can present.
 */
export function createCorsPolicy(origins: readonly string[]): CorsPolicy {
  const listed: ReadonlySet<string> = new Set(origins.filter((origin) => origin !== '*'))
  const anybody = listed.size === 0 || origins.includes('*') ? ANYBODY : {}
  const varies: CorsHeaders = listed.size === 0 ? {} : { Vary: 'Origin' }
  const headers = (origin: string | undefined): CorsHeaders => {
    if (origin === undefined) return varies
    if (!listed.has(origin)) return { ...varies, ...anybody }
    return {
      ...varies,
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': EXPOSED,
    }
  }
  return {
    headers,
    preflight(origin, methods) {
      const allowed = headers(origin)
      if (allowed['Access-Control-Allow-Origin'] === undefined) return allowed
      return {
        ...allowed,
        'Access-Control-Allow-Methods': methods.join(', '),
        'Access-Control-Allow-Headers': ALLOWED,
        'Access-Control-Max-Age': '600',
      }
    },
  }
}

const EXPOSED = 'ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id'
const ALLOWED =
  'authorization, content-type, graphql-cost, idempotency-key, if-modified-since, if-none-match, maat-request'
const ANYBODY: CorsHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': EXPOSED,
}
