import type { Authenticator } from '../auth/authenticate.ts'
import { ANONYMOUS_PRINCIPAL, type Principal } from '../auth/principal.ts'
import { apiError } from '../errors.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { BODY_BYTES_MAX, LARGE_BODY_LEVEL } from '../gateway/limits.ts'
import type { GraphqlParameters } from '../gateway/request.ts'
import { negotiateMediaType, prefersHtml } from './accept.ts'
import type { ClientAddress } from './client-address.ts'
import { readCostMode } from './cost-mode.ts'
import type { Exchange } from './exchange.ts'
import { parseBodyParameters, parseSearchParameters } from './graphql-request.ts'
import { assertJsonBody } from './media-type.ts'
import { readBody } from './read-body.ts'
import type { Handler, Routes } from './router.ts'
import type { Refuse } from './server.ts'

export interface GraphqlRouteOptions {
  readonly gateway: Gateway
  readonly authenticator: Authenticator
  readonly clientAddress: ClientAddress
  /** Answers a browser that asks for a page. */
  readonly page: Handler
}

/** GraphQL over HTTP at /graphql: POST with JSON through the front door, GET for queries, and the page for browsers. */
export function graphqlRoutes(options: GraphqlRouteOptions): Routes {
  const { gateway, authenticator, clientAddress, page } = options
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
      const address = clientAddress(request)
      let principal = ANONYMOUS_PRINCIPAL
      try {
        principal = await identify(headers, address)
        gateway.assertAttemptsLeft({ principal, address })
        if (mediaType === null) throw apiError('NOT_ACCEPTABLE')
        const costMode = readCostMode(headers['graphql-cost'])
        const text = await read(exchange, principal)
        gateway.admitText({ principal, address }, text.length)
        const parameters = parse(text)
        exchange.send(
          await answer({
            method,
            parameters,
            principal,
            address,
            costMode,
            mediaType,
            requestId,
            signal,
          }),
        )
      } catch (error) {
        const refused = { principal, address, mediaType: mediaType ?? ANY_TYPE, requestId }
        exchange.send(gateway.refuse(error, refused))
      }
    }
  }

  /**
   * A client whose guesses are used up makes none. A key that was real lately is no guess: whoever else is behind the same
   * address can not lock it out.
   */
  function identify(
    headers: Exchange['request']['headers'],
    address: string,
  ): Principal | Promise<Principal> {
    if (!authenticator.isAcquainted(headers)) {
      gateway.assertAttemptsLeft({ principal: ANONYMOUS_PRINCIPAL, address })
    }
    return authenticator.authenticate(headers)
  }
}

/** Refuses what reaches no route as the route itself refuses: whoever it is, it is nobody in particular yet. */
export function graphqlRefusal({
  gateway,
  clientAddress,
}: Pick<GraphqlRouteOptions, 'gateway' | 'clientAddress'>): Refuse {
  return (error, { request, requestId }) => {
    const address = clientAddress(request)
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
