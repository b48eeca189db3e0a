import { randomUUID } from 'node:crypto'

/** The caller's own id of its request, where it is short and plain enough to be logged and sent back; else a new one. */
export function requestIdOf(given: string | string[] | undefined): string {
  if (typeof given === 'string' && SANE.test(given) && !given.includes('maat_sk_')) return given
  return randomUUID()
}

const SANE = /^[A-Za-z0-9._:-]{1,64}$/
