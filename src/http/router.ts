import { apiError } from '../errors.ts'
import type { CorsPolicy } from './cors.ts'
import type { Exchange } from './exchange.ts'
import { refuseKeyInUrl } from './key-in-url.ts'

/** Answers an exchange. What it throws is masked by its caller. */
export type Handler = (exchange: Exchange) => void | Promise<void>

export type Method = 'GET' | 'HEAD' | 'POST'

/** Path -> method -> who answers; `/files/*` is every path below `/files/`. The whole surface of the process. */
export type Routes = Readonly<Record<string, Route>>

export type Route = Readonly<Partial<Record<Method, Handler>>> & {
  /** False for whoever shall not know that there is such a path. */
  readonly isVisible?: (exchange: Exchange) => boolean
}

/**
 * The handler that gives each exchange to its route, and answers preflights of all of them.
 * @throws {ApiError} NOT_FOUND; METHOD_NOT_ALLOWED with the methods that there are; KEY_IN_URL before either
 */
export function createRouter(routes: Routes, cors: CorsPolicy): Handler {
  const table = new Map(
    Object.entries(routes).map(([path, { isVisible = () => true, ...methods }]) => [
      path,
      { isVisible, methods: new Map(Object.entries(methods)) },
    ]),
  )
  return (exchange) => {
    const { method = '', url = '/', headers } = exchange.request
    exchange.addHeaders(cors.headers(headers.origin))
    refuseKeyInUrl(url)
    const { path } = exchange
    const route = table.get(path) ?? table.get(`${path.slice(0, path.lastIndexOf('/') + 1)}*`)
    if (route === undefined || !route.isVisible(exchange)) throw apiError('NOT_FOUND')
    const { methods } = route
    const handler = methods.get(method)
    if (handler !== undefined) return handler(exchange)
    const allowed = [...methods.keys()]
    if (method === 'OPTIONS') return answerPreflight(exchange, cors, allowed)
    throw apiError('METHOD_NOT_ALLOWED', { extensions: { allow: allowed.join(', ') } })
  }
}

/** Tells a browser what a page of another origin may send. */
export function answerPreflight(
  exchange: Exchange,
  cors: CorsPolicy,
  methods: readonly string[],
): void {
  exchange.addHeaders(cors.preflight(exchange.request.headers.origin, methods))
  exchange.send({ status: 204, headers: { Allow: methods.join(', ') }, body: '' })
}
