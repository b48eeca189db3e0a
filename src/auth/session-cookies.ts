import type { SessionCookies } from './act.ts'

/** Names of the cookies of a session, and whether they are for https alone. */
export interface CookieNames {
  readonly access: string
  readonly refresh: string
  readonly isSecure: boolean
}

/** `__Host-` binds a cookie to this very host over https; http, on this machine alone, knows no such thing. */
export function cookieNames(publicUrl: string): CookieNames {
  const isSecure = publicUrl.startsWith('https:')
  const prefix = isSecure ? '__Host-' : ''
  return { access: `${prefix}maat_access`, refresh: `${prefix}maat_refresh`, isSecure }
}

/** The value of a cookie; null where there is none, or more than one: which of them was meant, nobody knows. */
export function readCookie(header: string | undefined, name: string): string | null {
  if (header === undefined) return null
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  return values.length === 1 ? (values[0] ?? null) : null
}

/** Whether a cookie of this name was sent at all. */
export function hasCookie(header: string | undefined, name: string): boolean {
  return (
    header !== undefined && header.split(';').some((pair) => pair.trim().startsWith(`${name}=`))
  )
}

/** The Set-Cookie fields that give a browser a session, or take it away. */
export function printCookies(
  names: CookieNames,
  session: SessionCookies | null,
): readonly string[] {
  if (session === null)
    return [print(names, names.access, '', 0), print(names, names.refresh, '', 0)]
  const { accessToken, refreshToken, accessSeconds, refreshSeconds } = session
  return [
    // Gone a little before the token itself: a browser then refreshes rather than to be refused.
    print(names, names.access, accessToken, Math.max(0, accessSeconds - EARLY_SECONDS)),
    print(names, names.refresh, refreshToken, refreshSeconds),
  ]
}

/** The Set-Cookie field that takes the access token away: one that is refused must not stand in the way of a new one. */
export function dropAccessCookie(names: CookieNames): string {
  return print(names, names.access, '', 0)
}

const EARLY_SECONDS = 15

function print({ isSecure }: CookieNames, name: string, value: string, seconds: number): string {
  const secure = isSecure ? '; Secure' : ''
  return `${name}=${value}; Path=/; HttpOnly${secure}; SameSite=Strict; Max-Age=${seconds}`
}
