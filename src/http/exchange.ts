import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import type { Answer } from '../gateway/answer.ts'
import { requestIdOf } from './request-id.ts'
import { API_HEADERS } from './security-headers.ts'

/** One request and the answer to it. */
export type Exchange = HttpExchange

export function createExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  return new HttpExchange(request, response)
}

class HttpExchange {
  readonly request: IncomingMessage
  readonly requestId: string
  readonly #response: ServerResponse
  readonly #abort = new AbortController()
  #headers: Readonly<Record<string, string>> = {}
  #cookies: readonly string[] = []

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request
    this.requestId = requestIdOf(request.headers['x-request-id'])
    this.#response = response
  }

  /** The request's path, without the query string. */
  get path(): string {
    const { url = '/' } = this.request
    const end = url.indexOf('?')
    return end === -1 ? url : url.slice(0, end)
  }

  /** Aborts when the client goes before it has its answer. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Adds fields to the answer, whatever it will be. */
  addHeaders(headers: Readonly<Record<string, string>>): void {
    this.#headers = { ...this.#headers, ...headers }
  }

  /** Sets cookies with the answer: the values of Set-Cookie. */
  setCookies(cookies: readonly string[]): void {
    this.#cookies = cookies
  }

  /** Sends an answer that is no page, in one write. */
  send(answer: Answer): void {
    this.sendWith(API_HEADERS, answer)
  }

  /** Sends the answer with these fields below its own; an answer to HEAD goes without its body. */
  sendWith(
    base: Readonly<Record<string, string>>,
    { status, headers, body }: Omit<Answer, 'body'> & { readonly body: string | Buffer },
  ): void {
    // The client is gone, or a fault came to light after the answer.
    if (this.#response.headersSent || this.#response.destroyed) return
    this.#response.writeHead(status, {
      ...base,
      ...this.#headers,
      ...headers,
      'X-Request-Id': this.requestId,
      ...(this.#cookies.length === 0 ? {} : { 'Set-Cookie': [...this.#cookies] }),
      ...(BODILESS.has(status) ? {} : { 'Content-Length': Buffer.byteLength(body) }),
    })
    this.#response.end(this.request.method === 'HEAD' || BODILESS.has(status) ? undefined : body)
  }

  /**
   * Sends a file while it is made, no faster than the client reads. Resolves once all of it is sent: true; or false where
   * the client went before, or read nothing for a minute. Rejects where it can not be made: the connection is cut, so that
   * nobody takes a part for the whole.
   */
  async stream(
    headers: Readonly<Record<string, string>>,
    parts: AsyncIterable<string | Buffer>,
  ): Promise<boolean> {
    const response = this.#response
    if (response.destroyed) return false
    response.writeHead(200, {
      ...API_HEADERS,
      ...this.#headers,
      ...headers,
      'X-Request-Id': this.requestId,
    })
    response.setTimeout(STALLED_MS, () => response.destroy())
    const failures: unknown[] = []
    const made = noting(parts, failures)
    const isWhole = await pipeline(Readable.from(made, { objectMode: false }), response).then(
      () => true,
      // The client's leaving is told here too, and is nobody's fault.
      () => false,
    )
    if (failures.length > 0) throw failures[0]
    return isWhole
  }

  /** Ends what runs for it, for this reason. */
  abort(reason: unknown): void {
    this.#abort.abort(reason)
  }

  /** Ends the connection after this answer; one that was kept alive would be served on. */
  endConnection(): void {
    this.#response.shouldKeepAlive = false
  }

  /** Tells the exchange that its socket is done with it. */
  closed(): void {
    if (!this.#response.writableFinished) this.#abort.abort()
  }
}

const STALLED_MS = 60_000

async function* noting<Part>(
  parts: AsyncIterable<Part>,
  failures: unknown[],
): AsyncGenerator<Part> {
  try {
    yield* parts
  } catch (error) {
    failures.push(error)
    throw error
  }
}

const BODILESS: ReadonlySet<number> = new Set([204, 304])
