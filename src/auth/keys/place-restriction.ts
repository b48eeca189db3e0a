import ipaddr from 'ipaddr.js'
import { isWithin, type Network, parseNetwork } from '../../network.ts'

/** Where a request comes from, as far as a key may be bound to it. */
export interface Whereabouts {
  /** The client's address; null where it is not known. */
  readonly address: string | null
  /** The Origin field; undefined where a request has none. */
  readonly origin: string | undefined
}

/** What keeps a key from being used here: its networks or its origins; null: nothing does. */
export type PlaceRestriction = (place: Whereabouts) => 'network' | 'origin' | null

/** The restriction that these lists make; an empty one restricts nothing. */
export function placeRestriction(
  networks: readonly string[],
  origins: readonly string[],
): PlaceRestriction {
  if (networks.length === 0 && origins.length === 0) return unrestricted
  const parsed = networks.map(parseNetwork)
  const listed: ReadonlySet<string> = new Set(origins)
  return ({ address, origin }) => {
    if (parsed.length > 0 && !isIn(parsed, address)) return 'network'
    if (listed.size > 0 && origin !== undefined && !listed.has(origin)) return 'origin'
    return null
  }
}

const unrestricted: PlaceRestriction = () => null

/** No address is in none of them. */
function isIn(networks: readonly Network[], address: string | null): boolean {
  return address !== null && ipaddr.isValid(address) && isWithin(ipaddr.process(address), networks)
}
