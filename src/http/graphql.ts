import type { IncomingHttpHeaders } from 'node:http'

import type { Caller } from '../auth/act.ts'
import type { Authenticator, Provenance } from '../auth/authenticate.ts'
import type { UseRecorder } from '../auth/use-recorder.ts'
import { ANONYMOUS_PRINCIPAL, type Principal } from '../auth/principal.ts'
import {
  type CookieNames,
  dropAccessCookie,
  hasCookie,
  printCookies,
  readCookie,
} from '../auth/session-cookies.ts'
import { ApiError, apiError } from '../errors.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { BODY_BYTES_MAX, LARGE_BODY_LEVEL } from '../gateway/limits.ts'
import type { GraphqlParameters } from '../gateway/request.ts'
import { negotiateMediaType, prefersHtml } from './accept.ts'
import type { Client, FindClient } from './client-address.ts'
import { readCostMode } from './cost-mode.ts'
import type { CookieCheck } from './csrf.ts'
import type { Exchange } from './exchange.ts'
import { parseBodyParameters, parseSearchParameters } from './graphql-request.ts'
import { assertJsonBody } from './media-type.ts'
import { readBody } from './read-body.ts'
import type { Handler, Routes } from './router.ts'
import type { RunningRequest, RunningRequests } from './running-requests.ts'
import type { Refuse } from './server.ts'

export interface GraphqlRouteOptions {
  readonly gateway: Gateway
  readonly authenticator: Authenticator
  readonly findClient: FindClient
  readonly running: RunningRequests
  readonly uses: Pick<UseRecorder, 'count'>
  readonly isCookieAllowed: CookieCheck
  readonly cookies: CookieNames
  /** Answers a browser that asks for a page. */
  readonly page: Handler
}

/** GraphQL over HTTP at /graphql: POST with JSON through the front door, GET for queries, and the page for browsers. */
export function graphqlRoutes(options: GraphqlRouteOptions): Routes {
  const { gateway, authenticator, findClient, running, uses, isCookieAllowed, cookies, page } =
    options
  const post = answering('POST', gateway.answer, BODY)
  const get = answering('GET', gateway.answerOverYoga, SEARCH)
  return {
    '/graphql': {
      GET: (exchange) =>
        prefersHtml(exchange.request.headers.accept) ? page(exchange) : get(exchange),
      POST: post,
    },
  }

  function answering(
    method: 'GET' | 'POST',
    answer: Gateway['answer'],
    { read, parse }: ParametersForm,
  ): Handler {
    return async (exchange) => {
      const { request, requestId, signal } = exchange
      const { headers } = request
      const mediaType = negotiateMediaType(headers.accept)
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
        const parameters = parse(text)
        const caller = callerOf(headers, address, provenance.isCookieAllowed)
        uses.count(principal)
        const answered = await answer({
          method,
          parameters,
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
        exchange.send(answered)
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

const USER_AGENT_CHARACTERS_MAX = 300

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

/** Refuses what reaches no route as the route itself refuses: whoever it is, it is nobody in particular yet. */
export function graphqlRefusal({
  gateway,
  findClient,
}: Pick<GraphqlRouteOptions, 'gateway' | 'findClient'>): Refuse {
  return (error, { request, requestId }) => {
    const { network: address } = findClient(request)
    const mediaType = negotiateMediaType(request.headers.accept) ?? ANY_TYPE
    return gateway.refuse(error, { principal: ANONYMOUS_PRINCIPAL, address, mediaType, requestId })
  }
}

/** In which a client is told that it accepts none of ours. */
const ANY_TYPE = 'application/json'

/** Where the parameters of a request stand, and how they are written there. */
interface ParametersForm {
  readonly read: (exchange: Exchange, principal: Principal) => string | Promise<string>
  readonly parse: (text: string) => GraphqlParameters
}

const BODY: ParametersForm = {
  read({ request }, { standing }) {
    assertJsonBody(request.headers)
    const isLarge = standing.level !== null && standing.level >= LARGE_BODY_LEVEL
    return readBody(request, BODY_BYTES_MAX[isLarge ? 'large' : 'ordinary'])
  },
  parse: parseBodyParameters,
}

const SEARCH: ParametersForm = {
  read({ request: { url = '' } }) {
    const end = url.indexOf('?')
    return end === -1 ? '' : url.slice(end)
  },
  parse: (text) => parseSearchParameters(new URLSearchParams(text)),
}
