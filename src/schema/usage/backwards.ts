import type { Problem } from '../../errors.ts'
import type { ArgumentValues } from '../plan/source.ts'

/** What is wrong with a time from `from` to `to`, where both are given. */
export function backwards({ from, to }: ArgumentValues): readonly Problem[] {
  if (!(from instanceof Date && to instanceof Date) || from < to) return []
  const message = 'to is not after from: nothing lies between them.'
  return [{ code: 'INPUT_INVALID', path: '', argument: 'to', message }]
}
