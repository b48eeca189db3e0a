import { ANONYMOUS_PRINCIPAL } from '../auth/principal.ts'
import { BODY_BYTES_MAX, LARGE_BODY_LEVEL } from '../gateway/limits.ts'
import { negotiateMediaType, prefersHtml } from './accept.ts'
import { parseBodyParameters, parseSearchParameters } from './graphql-request.ts'
import { assertJsonBody } from './media-type.ts'
import {
  ANY_TYPE,
  type OperationForm,
  operationHandler,
  type OperationRouteOptions,
} from './operation.ts'
import { readBody } from './read-body.ts'
import type { Handler, Routes } from './router.ts'
import type { Refuse } from './server.ts'

export interface GraphqlRouteOptions extends OperationRouteOptions {
  /** Answers a browser that asks for a page. */
  readonly page: Handler
}

/** GraphQL over HTTP at /graphql: POST with JSON through the front door, GET for queries, and the page for browsers. */
export function graphqlRoutes({ page, ...options }: GraphqlRouteOptions): Routes {
  const { gateway } = options
  const post = operationHandler(options, { method: 'POST', answer: gateway.answer, ...BODY })
  const get = operationHandler(options, {
    method: 'GET',
    answer: gateway.answerOverYoga,
    ...SEARCH,
  })
  return {
    '/graphql': {
      GET: (exchange) =>
        prefersHtml(exchange.request.headers.accept) ? page(exchange) : get(exchange),
      POST: post,
    },
  }
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

/** Where the parameters of a request stand, and how they are written there. */
type ParametersForm = Pick<OperationForm, 'mediaType' | 'read' | 'parse'>

const BODY: ParametersForm = {
  mediaType: ({ request }) => negotiateMediaType(request.headers.accept),
  read({ request }, { standing }) {
    assertJsonBody(request.headers)
    const isLarge = standing.level !== null && standing.level >= LARGE_BODY_LEVEL
    return readBody(request, BODY_BYTES_MAX[isLarge ? 'large' : 'ordinary'])
  },
  parse: (text) => ({ parameters: parseBodyParameters(text) }),
}

const SEARCH: ParametersForm = {
  mediaType: ({ request }) => negotiateMediaType(request.headers.accept),
  read({ request: { url = '' } }) {
    const end = url.indexOf('?')
    return end === -1 ? '' : url.slice(end)
  },
  parse: (text) => ({ parameters: parseSearchParameters(new URLSearchParams(text)) }),
}
