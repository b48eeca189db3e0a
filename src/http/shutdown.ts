import type { Logger } from 'pino'

import { describeFailure } from '../gateway/failure.ts'
import type { HttpServer } from './server.ts'

export interface ShutdownOptions {
  readonly server: Pick<HttpServer, 'retire' | 'close'>
  /** How long a retired process still takes requests, until load balancers have seen it, in ms. */
  readonly drainWaitMs: number
  /** Gives back what the process holds, once nothing is in flight. */
  readonly release: () => Promise<void>
  readonly log: Pick<Logger, 'info' | 'fatal'>
}

/**
 * Ends the process in order on SIGTERM and SIGINT, with code 0, and after an error that nothing caught, with code 1: not
 * ready, wait, stop accepting, drain for 25 s at most, release. A second signal ends it at once.
 */
export function endOnSignals(process: NodeJS.Process, options: ShutdownOptions): void {
  let ending = false
  const end = async (code: number, waitMs: number): Promise<void> => {
    if (ending) return process.exit(1)
    ending = true
    try {
      options.server.retire()
      await new Promise((resolve) => {
        setTimeout(resolve, waitMs)
      })
      await options.server.close(DRAIN_MS_MAX)
      await options.release()
      process.exit(code)
    } catch (error) {
      options.log.fatal({ failure: describeFailure(error) }, 'The process could not end in order.')
      process.exit(1)
    }
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      options.log.info({ signal }, 'Ending.')
      void end(0, options.drainWaitMs)
    })
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    // Nobody knows what state the process is in: others take over, this one answers what it has.
    process.on(event, (error: unknown) => {
      options.log.fatal({ event, failure: describeFailure(error) }, 'Nothing caught this.')
      void end(1, 0)
    })
  }
}

const DRAIN_MS_MAX = 25_000
