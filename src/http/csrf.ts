import type { IncomingHttpHeaders } from 'node:http'

import { isLoopback } from '../loopback.ts'

/** Whether a request may use and set the cookies of a session. */
export type CookieCheck = (headers: IncomingHttpHeaders) => boolean

/**
 * Requests of pages of these origins, and of this service's own, that send `Maat-Request: 1`: no other site's page can send
 * a header of its own without being asked about first, and no form can at all. On http, which serves this machine alone, its
 * own origin is also that of the host that was asked for, by whichever of its names.
 */
export function createCookieCheck(publicUrl: string, corsOrigins: readonly string[]): CookieCheck {
  const own = new URL(publicUrl)
  const allowed: ReadonlySet<string> = new Set([
    own.origin,
    ...corsOrigins.filter((origin) => origin !== '*'),
  ])
  return ({ origin, host, 'maat-request': request }) => {
    if (request !== '1' || origin === undefined) return false
    if (allowed.has(origin)) return true
    return own.protocol === 'http:' && isOfLoopbackHost(origin, host)
  }
}

/** Another site's name may lead here as well, and its pages then have this Host: a name of this machine none of them has. */
function isOfLoopbackHost(origin: string, host: string | undefined): boolean {
  if (origin !== `http://${host}`) return false
  const url = URL.parse(origin)
  return url !== null && isLoopback(url.hostname)
}
