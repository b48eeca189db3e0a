import { hash, timingSafeEqual } from 'node:crypto'

import ipaddr from 'ipaddr.js'

import { isLoopback } from '../loopback.ts'
import type { Metrics } from '../metering/metrics.ts'
import type { AddressedRequest } from './client-address.ts'
import type { Exchange } from './exchange.ts'
import type { Handler, Routes } from './router.ts'

/**
 * /metrics, for whoever runs the service: open to processes of this machine that no proxy and no web page speaks for, and to
 * whoever has the token. For all others there is no such path.
 */
export function metricsRoutes(
  { text, contentType }: Pick<Metrics, 'text' | 'contentType'>,
  token: string | null,
): Routes {
  const answer: Handler = async (exchange) => {
    exchange.send({
      status: 200,
      headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' },
      body: await text(),
    })
  }
  const isVisible = ({ request }: Exchange): boolean =>
    isNeighbour(request) || holds(request, token)
  return { '/metrics': { GET: answer, HEAD: answer, isVisible } }
}

/** With any of these, a proxy or a page of this machine speaks for somebody else. */
const SPEAKING_FOR_OTHERS = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-real-ip',
  'via',
  'origin',
]

function isNeighbour({ socket, headers }: AddressedRequest): boolean {
  if (SPEAKING_FOR_OTHERS.some((name) => headers[name] !== undefined)) return false
  // A name that somebody else made point here, or that a proxy passes on.
  const host = URL.parse(`http://${headers.host}`)?.hostname
  if (host === undefined || !isLoopback(host)) return false
  const { remoteAddress } = socket
  if (remoteAddress === undefined || !ipaddr.isValid(remoteAddress)) return false
  return ipaddr.process(remoteAddress).range() === 'loopback'
}

/** In a time that tells nothing of the token. */
function holds({ headers }: AddressedRequest, token: string | null): boolean {
  if (token === null) return false
  const [, given = ''] = /^bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
  return timingSafeEqual(digest(given), digest(token))
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
