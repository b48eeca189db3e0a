import type { Caller } from '../auth/act.ts'
import type { Principal } from '../auth/principal.ts'
import type { Claims } from '../quota/claims.ts'
import type { Answer, MediaType } from './answer.ts'
import type { CostMode, Receipt } from './receipt.ts'

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
  /** Network of the client, as the budgets of anonymous clients name it. */
  readonly address: string
  readonly costMode: CostMode
  /** What is known of the client besides; nobody in particular where it is absent. */
  readonly caller?: Caller | undefined
  readonly mediaType: MediaType
  readonly requestId: string
  /** Aborts when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined
  /** Whether the client holds this JSON text of `data` already: then nothing is sent again, and it costs a point. */
  readonly isKnown?: ((data: string) => boolean) | undefined
}

/** What the pipeline's hooks know of a request, through whichever door it came. */
export interface GatewayContext extends GatewayRequest {
  /** The budgets of whoever asks. */
  readonly claims: Claims
  /** Filled in by the hooks. */
  readonly receipt: Receipt
}

/** A way through the pipeline. Never rejects; the answer has no extensions yet. */
export type Door = (context: GatewayContext) => Promise<Answer>
