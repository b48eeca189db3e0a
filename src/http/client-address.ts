import type { IncomingMessage } from 'node:http'

import ipaddr from 'ipaddr.js'

import { type Address, isWithin, parseNetwork } from '../network.ts'

/** What of a request tells where it comes from. */
export interface AddressedRequest extends Pick<IncomingMessage, 'headers'> {
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** Where a request comes from. */
export interface Client {
  /** As budgets name it: an IPv4 address, or the /64 of an IPv6 address; `unknown` once it has gone. */
  readonly network: string
  /** Its very address; null once it has gone. */
  readonly address: string | null
}

export type FindClient = (request: AddressedRequest) => Client

/**
 * Finds clients behind these proxies (addresses, or networks in CIDR): X-Forwarded-For is read from the right, past every
 * trusted hop, up to the first that is not. What comes from anybody else, or follows upon a hop that is no address, is
 * whatever its sender made up, and counts for nothing.
 */
export function createFindClient(trustedProxies: readonly string[]): FindClient {
  const networks = trustedProxies.map(parseNetwork)
  const known = new Map<string, Hop | null>()

  function hopOf(text: string): Hop | null {
    const remembered = known.get(text)
    if (remembered !== undefined) return remembered
    const address = parseAddress(text)
    const hop = address && {
      network: networkOf(address),
      address: address.toString(),
      isTrusted: isWithin(address, networks),
    }
    if (text.length > HOP_LENGTH_MAX) return hop
    // Whoever makes addresses up empties it, and what that costs is parsing them again.
    if (known.size === HOPS_MAX) known.clear()
    // A copy: a part of a header would keep the whole of it alive.
    known.set(Buffer.from(text).toString(), hop)
    return hop
  }

  return ({ socket, headers }) => {
    let client = hopOf(socket.remoteAddress ?? '')
    if (client === null) return GONE
    if (!client.isTrusted) return client
    const forwarded = headers['x-forwarded-for']
    if (forwarded === undefined) return client
    const list = String(forwarded)
    for (let end = list.length; end >= 0 && client.isTrusted;) {
      const comma = end === 0 ? -1 : list.lastIndexOf(',', end - 1)
      const hop = hopOf(list.slice(comma + 1, end).trim())
      if (hop === null) break
      client = hop
      end = comma
    }
    return client
  }
}

const GONE: Client = Object.freeze({ network: 'unknown', address: null })

interface Hop extends Client {
  readonly isTrusted: boolean
}

const HOPS_MAX = 4096
/** Of an IPv6 address with zone and port, generously. */
const HOP_LENGTH_MAX = 80

/** null for what is no address. IPv4 within IPv6 is IPv4. A port behind it, as some proxies write it, is left out. */
function parseAddress(text: string): Address | null {
  const bare = withoutPort(text)
  const { IPv4, IPv6 } = ipaddr
  // ipaddr.js also reads 10 and 010.0.0.1, which nobody means.
  if (!IPv4.isValidFourPartDecimal(bare) && !IPv6.isValid(bare)) return null
  return ipaddr.process(bare)
}

function withoutPort(text: string): string {
  if (text.startsWith('[')) return text.slice(1, Math.max(1, text.indexOf(']')))
  const colon = text.indexOf(':')
  return colon !== -1 && colon === text.lastIndexOf(':') ? text.slice(0, colon) : text
}

function networkOf(address: Address): string {
  if (address instanceof ipaddr.IPv4) return address.toString()
  const prefix = new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0])
  return `${prefix.toRFC5952String()}/64`
}
