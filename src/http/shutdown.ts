import type { Logger } from 'pino'

import type { Clock } from '../clock.ts'
import { describeFailure } from '../gateway/failure.ts'
import type { HttpServer } from './server.ts'

export interface ShutdownOptions {
  readonly server: Pick<HttpServer, 'retire' | 'close'>
  /** How long a retired process still takes requests, until load balancers have seen it, in ms. */
  readonly drainWaitMs: number
  /** Gives back what the process holds, once nothing is in flight. */
  readonly release: () => Promise<void>
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'fatal'>
}

/**
 * Ends the process in order on SIGTERM and SIGINT, with code 0, and after an error that nothing caught, with code 1: not
 * ready, wait, stop accepting, drain for 25 s at most, release. A signal that comes a second or more after the first ends it
 * at once, as does an error meanwhile.
 */
export function endOnSignals(process: NodeJS.Process, options: ShutdownOptions): void {
  let endingSince: number | null = null
  const end = async (code: number, waitMs: number): Promise<void> => {
    if (endingSince !== null) return process.exit(1)
    endingSince = options.clock().getTime()
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
      if (endingSince !== null && options.clock().getTime() - endingSince < ECHO_MS) return
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

/** One Ctrl-C arrives more than once: from the terminal, which signals the whole group, and from npm, which passes it on. */
const ECHO_MS = 1_000
