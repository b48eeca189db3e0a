import { randomUUID } from 'node:crypto'

import { mentionsKey } from '../auth/mentions-key.ts'

/** The caller's own id of its request, where it is short and plain enough to be logged and sent back; else a new one. */
export function requestIdOf(given: string | string[] | undefined): string {
  if (typeof given === 'string' && SANE.test(given) && !mentionsKey(given)) return given
  return randomUUID()
}

const SANE = /^[A-Za-z0-9._:-]{1,64}$/
