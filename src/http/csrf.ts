import type { IncomingHttpHeaders } from 'node:http'

/** Whether a request may use and set the cookies of a session. */
export type CookieCheck = (headers: IncomingHttpHeaders) => boolean

/**
 * Requests of pages of these origins, and of this service's own, that send `Maat-Request: 1`: no other site's page can send
 * a header of its own without being asked about first, and no form can at all.
 */
export function createCookieCheck(publicUrl: string, corsOrigins: readonly string[]): CookieCheck {
  const allowed: ReadonlySet<string> = new Set([
    new URL(publicUrl).origin,
    ...corsOrigins.filter((origin) => origin !== '*'),
  ])
  return ({ origin, 'maat-request': request }) =>
    request === '1' && origin !== undefined && allowed.has(origin)
}
