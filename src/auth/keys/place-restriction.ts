import ipaddr from 'ipaddr.js'

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
  const ranges = networks.map(parseNetwork)
  const listed: ReadonlySet<string> = new Set(origins)
  return ({ address, origin }) => {
    if (ranges.length > 0 && !ranges.some((range) => isWithin(address, range))) return 'network'
    if (listed.size > 0 && origin !== undefined && !listed.has(origin)) return 'origin'
    return null
  }
}

const unrestricted: PlaceRestriction = () => null

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

function parseNetwork(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

function isWithin(text: string | null, [base, bits]: Range): boolean {
  if (text === null || !ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  return address.kind() === base.kind() && address.match(base, bits)
}
