import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Nothing is left in memory that nobody refers to. */
export async function collectGarbage(): Promise<void> {
  // A WeakRef holds what it names until the turn in which it was made is over.
  await setImmediate()
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}
