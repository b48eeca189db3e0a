import { ANONYMOUS, type Standing } from './access.ts'

/** Who makes this request, and how that is known. Ids are UUIDs; all null for anonymous. */
export interface Principal {
  readonly standing: Standing
  readonly accountId: string | null
  readonly keyId: string | null
  readonly sessionId: string | null
}

export const ANONYMOUS_PRINCIPAL: Principal = Object.freeze({
  standing: ANONYMOUS,
  accountId: null,
  keyId: null,
  sessionId: null,
})

/** The same text for equal standings, and for them alone: the key under which they share a compiled plan. */
export function standingKey(standing: Standing): string {
  const known = keys.get(standing)
  if (known !== undefined) return known
  const { kind, level, role, status, consent } = standing
  const key = `${kind}/${level}/${role}/${status}/${consent}`
  keys.set(standing, key)
  return key
}

const keys = new WeakMap<Standing, string>()
