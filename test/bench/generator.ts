import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { LoadOrder, LoadResult } from './load.ts'
import { pinProcess } from './processes.ts'

export interface Generator {
  readonly run: (order: LoadOrder) => Promise<LoadResult>
  readonly stop: () => void
}

/** Starts the load generator on its core. It runs one order at a time. */
export function startGenerator(): Generator {
  const child = fork(new URL('load.ts', import.meta.url))
  if (child.pid !== undefined) pinProcess('rest', child.pid)
  return {
    async run(order) {
      child.send(order)
      const [message] = await once(child, 'message')
      // Both ends of this channel are in this folder.
      const answer = message as { readonly result: LoadResult } | { readonly failure: string }
      if ('failure' in answer) throw new Error(answer.failure)
      return answer.result
    },
    stop: () => child.kill(),
  }
}
