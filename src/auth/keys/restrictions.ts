import ipaddr from 'ipaddr.js'
import { z } from 'zod'

const MOST = 50

/** Networks that a key may be used from, as CIDR or single addresses; none: from anywhere. */
export const networksSchema = z
  .array(
    z
      .string()
      .refine(
        isNetwork,
        'A network is an address or CIDR, such as 203.0.113.0/24 or 2001:db8::/32.',
      ),
  )
  .max(MOST, `A key has at most ${MOST} networks.`)

/** Web origins that a key may be used from; none: from any. */
export const originsSchema = z
  .array(
    z
      .string()
      .refine(
        isOrigin,
        'An origin is a scheme and a host, such as https://example.org, and no path.',
      ),
  )
  .max(MOST, `A key has at most ${MOST} origins.`)

/** Stricter than ipaddr.js, which reads `10` and `010.0.0.1` as addresses too. */
function isNetwork(text: string): boolean {
  const { IPv4, IPv6 } = ipaddr
  if (text.includes('/')) return IPv4.isValidCIDRFourPartDecimal(text) || IPv6.isValidCIDR(text)
  return IPv4.isValidFourPartDecimal(text) || IPv6.isValid(text)
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.parse(text)?.origin === text
}
