import type { Exchange } from './exchange.ts'
import type { Routes } from './router.ts'

/** Whether the process takes requests: not yet, now, or no longer. */
export type Phase = 'starting' | 'serving' | 'draining'

/**
 * /livez answers 200 as long as the event loop turns. /readyz answers 200 while requests are served and what they need is
 * there, else 503; it never says more than which of the two it is.
 */
export function healthRoutes(isReady: () => Promise<boolean>): Routes {
  const readyz = async (exchange: Exchange): Promise<void> => {
    exchange.send((await isReady()) ? READY : NOT_READY)
  }
  return {
    '/livez': { GET: answerAlive, HEAD: answerAlive },
    '/readyz': { GET: readyz, HEAD: readyz },
  }
}

function answerAlive(exchange: Exchange): void {
  exchange.send(ALIVE)
}

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' }
const ALIVE = { status: 200, headers: JSON_TYPE, body: '{"status":"alive"}' }
const READY = { status: 200, headers: JSON_TYPE, body: '{"status":"ready"}' }
const NOT_READY = {
  status: 503,
  headers: { ...JSON_TYPE, 'Retry-After': '1' },
  body: '{"status":"not ready"}',
}
