import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

import { apiError, StartError } from '../errors.ts'
import { type Answer, refusalAnswer } from '../gateway/answer.ts'
import { refusalsOf, type FailureLog } from '../gateway/failure.ts'
import type { CorsPolicy } from './cors.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { healthRoutes, type Phase } from './health.ts'
import { answerPreflight, createRouter, type Handler, type Routes } from './router.ts'
import { endWith, unreadableAnswer } from './unreadable-request.ts'

export interface HttpServerOptions {
  readonly cors: CorsPolicy
  readonly log: FailureLog
}

export interface HttpServer {
  /**
   * Binds the address, and answers 503 there from now on. Port 0 is any free one.
   * @returns the port
   * @throws {StartError} when the address is taken or not ours
   */
  listen(address: { readonly port: number; readonly host: string }): Promise<number>
  /** Serves the routes from now on; /readyz asks `isDatabaseUp`, and what no route answers, `refuse` does. */
  serve(routes: Routes, isDatabaseUp: () => Promise<boolean>, refuse?: Refuse): void
  /** Stops being ready, and still serves. */
  retire(): void
  /** Stops accepting, and resolves once every exchange is answered, or cut off after `limitMs`. */
  close(limitMs: number): Promise<void>
}

/** The answer to an exchange, for whatever was thrown on its way. */
export type Refuse = (error: unknown, exchange: Exchange) => Answer

/** The process's one HTTP server, with bounds on everything a client can send or hold. */
export function createHttpServer({ cors, log }: HttpServerOptions): HttpServer {
  let phase: Phase = 'starting'
  let isDatabaseUp: (() => Promise<boolean>) | null = null
  const isReady = async (): Promise<boolean> =>
    phase === 'serving' && isDatabaseUp !== null && (await isDatabaseUp())
  const health = healthRoutes(isReady)
  let route: Handler = refuseUntilServing(createRouter(health, cors), cors)
  let refuse: Refuse = (error, { requestId }) =>
    refusalAnswer(refusalsOf(error, log, requestId), 'application/json')
  const open = new Set<Exchange>()
  let onIdle: (() => void) | null = null

  const server = createServer(LIMITS, accept)
  // An expectation that nobody knows is no reason to refuse; Node's own refusal would lack our fields.
  server.on('checkExpectation', accept)
  server.on('clientError', refuseUnreadable)
  server.keepAliveTimeout = KEEP_ALIVE_MS

  function accept(request: IncomingMessage, response: ServerResponse): void {
    const exchange = createExchange(request, response)
    open.add(exchange)
    response.once('close', () => {
      exchange.closed()
      open.delete(exchange)
      if (open.size === 0) onIdle?.()
    })
    if (phase === 'draining') exchange.endConnection()
    void answer(exchange)
  }

  function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
    const refusal = unreadableAnswer(error.code)
    const begun = [...open].find(({ request }) => request.socket === socket)
    if (begun !== undefined) {
      begun.endConnection()
      begun.send(refusal)
    } else if (socket.writable) endWith(socket, refusal)
    else socket.destroy()
  }

  function retire(): void {
    phase = 'draining'
    for (const exchange of open) exchange.endConnection()
  }

  async function answer(exchange: Exchange): Promise<void> {
    try {
      requireHost(exchange.request)
      await route(exchange)
    } catch (error) {
      exchange.send(refuse(error, exchange))
    }
  }

  return {
    listen: ({ port, host }) =>
      new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => {
          reject(new StartError(bindMessage(error, port, host), { cause: error }))
        })
        server.listen({ port, host }, () => {
          // A TCP server's address is never a string.
          resolve((server.address() as AddressInfo).port)
        })
      }),
    serve(routes, isUp, refusing = refuse) {
      isDatabaseUp = isUp
      refuse = refusing
      route = createRouter({ ...health, ...routes }, cors)
      phase = 'serving'
    },
    retire,
    async close(limitMs) {
      retire()
      const closed = new Promise((resolve) => server.close(resolve))
      const answered = new Promise<void>((resolve) => {
        onIdle = resolve
        if (open.size === 0) resolve()
      })
      await Promise.race([answered, delay(limitMs)])
      // Connections without a request: a browser opens some ahead, and server.close() waits for them.
      await Promise.race([closed, delay(open.size === 0 ? QUIET_MS : 0)])
      server.closeAllConnections()
      await closed
    },
  }
}

const LIMITS = {
  /** Until the whole request has arrived. */
  requestTimeout: 10_000,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
  // Two credentials must not pass for one.
  joinDuplicateHeaders: true,
  // Refused here, with our fields.
  requireHostHeader: false,
} as const

/** Longer than the minute for which load balancers keep a connection: they close it, not we under their request. */
const KEEP_ALIVE_MS = 65_000
/** Time for a request whose first bytes are under way when the server closes. */
const QUIET_MS = 200

/** @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2 */
function requireHost({ headers, httpVersion }: IncomingMessage): void {
  if (headers.host !== undefined || httpVersion === '1.0') return
  throw apiError('BAD_REQUEST', { message: 'The Host field is missing.' })
}

function refuseUntilServing(health: Handler, cors: CorsPolicy): Handler {
  return (exchange) => {
    if (exchange.path === '/livez' || exchange.path === '/readyz') return health(exchange)
    const { method, headers } = exchange.request
    exchange.addHeaders(cors.headers(headers.origin))
    if (method === 'OPTIONS') return answerPreflight(exchange, cors, ['GET', 'POST'])
    throw apiError('UNAVAILABLE', { message: 'The service is starting. Try again.' })
  }
}

function bindMessage(error: NodeJS.ErrnoException, port: number, host: string): string {
  const address = `${host}:${port}`
  if (error.code === 'EADDRINUSE') {
    return `${address} is in use by another process. Stop it, or set PORT to a free port.`
  }
  if (error.code === 'EACCES') {
    return `${address} can not be bound: this user may not use the port. Set PORT to one above 1023.`
  }
  return `${address} can not be bound (${error.code}). Set HOST and PORT to an address of this machine.`
}

/** Does not keep the process alive. */
function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
