import type { IncomingHttpHeaders } from 'node:http'

import type { Caller } from '../auth/act.ts'
import type { Authenticator, Provenance } from '../auth/authenticate.ts'
import { ANONYMOUS_PRINCIPAL, type Principal } from '../auth/principal.ts'
import {
  type CookieNames,
  dropAccessCookie,
  hasCookie,
  printCookies,
  readCookie,
} from '../auth/session-cookies.ts'
import type { SessionUses } from '../auth/session-uses.ts'
import { ApiError, apiError } from '../errors.ts'
import type { Answer, MediaType } from '../gateway/answer.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { GatewayRequest } from '../gateway/request.ts'
import type { Client, FindClient } from './client-address.ts'
import { readCostMode } from './cost-mode.ts'
import type { CookieCheck } from './csrf.ts'
import type { Exchange } from './exchange.ts'
import type { Handler } from './router.ts'
import type { RunningRequest, RunningRequests } from './running-requests.ts'

export interface OperationRouteOptions {
  readonly gateway: Gateway
  readonly authenticator: Authenticator
  readonly findClient: FindClient
  readonly running: RunningRequests
  readonly uses: Pick<SessionUses, 'note'>
  readonly isCookieAllowed: CookieCheck
  readonly cookies: CookieNames
}

/** How an exchange becomes an operation, and the operation's answer the answer to the exchange. */
export interface OperationForm {
  readonly method: 'GET' | 'POST'
  readonly answer: Gateway['answer']
  /** null where the client accepts none. */
  readonly mediaType: (exchange: Exchange) => MediaType | null
  /** The text in which the operation is asked for. */
  readonly read: (exchange: Exchange, principal: Principal) => string | Promise<string>
  readonly parse: (
    text: string,
    exchange: Exchange,
  ) => Pick<GatewayRequest, 'parameters' | 'isKnown'>
  readonly send?: (exchange: Exchange, answered: Answer) => void
}

/** The handler that finds out who asks, reads what for, and has the gateway answer it, all refusals included. */
export function operationHandler(options: OperationRouteOptions, form: OperationForm): Handler {
  const { gateway, authenticator, findClient, running, uses, isCookieAllowed, cookies } = options
  const { method, answer, read, parse, send = sendAsItIs } = form
  return async (exchange) => {
    const { request, requestId, signal } = exchange
    const { headers } = request
    const mediaType = form.mediaType(exchange)
    const client = findClient(request)
    const { network: address } = client
    const provenance = provenanceOf(headers, client)
    const authenticate = () => authenticator.authenticate(headers, provenance)
    let principal = ANONYMOUS_PRINCIPAL
    let runs: RunningRequest | null = null
    try {
      assertGuessesLeft(headers, address)
      principal = await authenticate()
      // Before its body is here: that may take longer than the credential lives.
      runs = { principal, exchange, authenticate }
      running.enter(runs)
      gateway.assertAttemptsLeft({ principal, address })
      if (mediaType === null) throw apiError('NOT_ACCEPTABLE')
      const costMode = readCostMode(headers['graphql-cost'])
      const text = await read(exchange, principal)
      gateway.admitText({ principal, address }, text.length)
      const asked = parse(text, exchange)
      const caller = callerOf(headers, address, provenance.isCookieAllowed)
      uses.note(principal)
      const answered = await answer({
        ...asked,
        method,
        principal,
        address,
        caller,
        costMode,
        mediaType,
        requestId,
        signal,
      })
      if (answered.cookies !== undefined) {
        exchange.setCookies(printCookies(cookies, answered.cookies))
      }
      send(exchange, answered)
    } catch (error) {
      if (isUnknown(error) && hasCookie(headers.cookie, cookies.access)) {
        exchange.setCookies([dropAccessCookie(cookies)])
      }
      const refused = { principal, address, mediaType: mediaType ?? ANY_TYPE, requestId }
      exchange.send(gateway.refuse(error, refused))
    } finally {
      if (runs !== null) running.leave(runs)
    }
  }

  /**
   * A client whose guesses are used up makes none. A credential that was real lately is no guess: whoever else is behind the
   * same address can not lock it out.
   */
  function assertGuessesLeft(headers: IncomingHttpHeaders, address: string): void {
    if (authenticator.isAcquainted(headers)) return
    gateway.assertAttemptsLeft({ principal: ANONYMOUS_PRINCIPAL, address })
  }

  function provenanceOf(headers: IncomingHttpHeaders, { address }: Client): Provenance {
    return { address, origin: headers.origin, isCookieAllowed: isCookieAllowed(headers) }
  }

  function callerOf(headers: IncomingHttpHeaders, address: string, allowsCookies: boolean): Caller {
    return {
      address,
      userAgent: (headers['user-agent'] ?? '').slice(0, USER_AGENT_CHARACTERS_MAX),
      refreshCookie: readCookie(headers.cookie, cookies.refresh),
      idempotencyKey: readIdempotencyKey(headers['idempotency-key']),
      isCookieAllowed: allowsCookies,
    }
  }
}

/** In which a client is told that it accepts none of ours. */
export const ANY_TYPE = 'application/json'

const USER_AGENT_CHARACTERS_MAX = 300

function sendAsItIs(exchange: Exchange, answered: Answer): void {
  exchange.send(answered)
}

function isUnknown(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'UNAUTHENTICATED'
}

/** @throws {ApiError} BAD_REQUEST for an empty or long one */
function readIdempotencyKey(field: string | string[] | undefined): string | null {
  if (field === undefined) return null
  const key = String(field)
  if (key.length >= 1 && key.length <= 200) return key
  throw apiError('BAD_REQUEST', {
    message: `An Idempotency-Key has 1 to 200 characters, not ${key.length}.`,
  })
}
