import type { Authenticator } from '../auth/authenticate.ts'
import type { Principal } from '../auth/principal.ts'
import { apiError } from '../errors.ts'
import { refusalAnswer, type Answer, type MediaType } from '../gateway/answer.ts'
import { refusalsOf, type FailureLog } from '../gateway/failure.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { BODY_BYTES_MAX, LARGE_BODY_LEVEL } from '../gateway/limits.ts'
import type { GraphqlParameters } from '../gateway/request.ts'
import { negotiateMediaType, prefersHtml } from './accept.ts'
import type { Exchange } from './exchange.ts'
import { parseBodyParameters, parseSearchParameters } from './graphql-request.ts'
import { assertJsonBody } from './media-type.ts'
import { readBody } from './read-body.ts'
import type { Handler, Routes } from './router.ts'

export interface GraphqlRouteOptions {
  readonly gateway: Gateway
  readonly authenticator: Authenticator
  /** Answers a browser that asks for a page. */
  readonly page: Handler
  readonly log: FailureLog
}

/** GraphQL over HTTP at /graphql: POST with JSON through the front door, GET for queries, and the page for browsers. */
export function graphqlRoutes({ gateway, authenticator, page, log }: GraphqlRouteOptions): Routes {
  const post = answering('POST', gateway.answer, readPost)
  const get = answering('GET', gateway.answerOverYoga, readGet)
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
    read: (exchange: Exchange, principal: Principal) => Promise<GraphqlParameters>,
  ): Handler {
    return async (exchange) => {
      const { request, requestId, signal } = exchange
      const mediaType = negotiateMediaType(request.headers.accept)
      try {
        const principal = await authenticator.authenticate(request.headers)
        if (mediaType === null) throw apiError('NOT_ACCEPTABLE')
        const parameters = await read(exchange, principal)
        exchange.send(await answer({ method, parameters, principal, mediaType, requestId, signal }))
      } catch (error) {
        exchange.send(refuse(error, mediaType ?? 'application/json', requestId))
      }
    }
  }

  function refuse(error: unknown, mediaType: MediaType, requestId: string): Answer {
    return refusalAnswer(refusalsOf(error, log, requestId), mediaType)
  }
}

async function readPost(
  { request }: Exchange,
  { standing }: Principal,
): Promise<GraphqlParameters> {
  assertJsonBody(request.headers)
  const size = standing.level !== null && standing.level >= LARGE_BODY_LEVEL ? 'large' : 'ordinary'
  return parseBodyParameters(await readBody(request, BODY_BYTES_MAX[size]))
}

async function readGet({ request }: Exchange): Promise<GraphqlParameters> {
  const { url = '' } = request
  const end = url.indexOf('?')
  return parseSearchParameters(new URLSearchParams(end === -1 ? '' : url.slice(end)))
}
