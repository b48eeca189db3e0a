import type { Principal } from '../auth/principal.ts'
import type { MediaType } from './answer.ts'

/** The parameters of a GraphQL-over-HTTP request, well formed; null where one is absent or null. */
export interface GraphqlParameters {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>> | null
  readonly operationName: string | null
  readonly extensions: Readonly<Record<string, unknown>> | null
}

/** One operation to answer: who asks, for what, in which form. */
export interface GatewayRequest {
  readonly method: 'GET' | 'POST'
  readonly parameters: GraphqlParameters
  readonly principal: Principal
  readonly mediaType: MediaType
  readonly requestId: string
  /** Aborts when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/** What the pipeline's hooks know of a request, through whichever door it came. */
export type GatewayContext = Pick<
  GatewayRequest,
  'method' | 'parameters' | 'principal' | 'requestId' | 'signal'
>
