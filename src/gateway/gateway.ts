import type { GraphQLSchema } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'

import type { Acts } from '../auth/act.ts'
import { CostError } from '../cost/cost-error.ts'
import { compileCost, type SchemaCost } from '../cost/schema-cost.ts'
import { unboundedLists } from '../cost/unbounded-lists.ts'
import type { Database } from '../database/connect.ts'
import { apiError, StartError } from '../errors.ts'
import type { Claimant } from '../quota/claims.ts'
import type { compileOperation } from '../schema/plan/operation.ts'
import type { Vault } from '../vault/vault.ts'
import { type Answer, refusalAnswer } from './answer.ts'
import {
  admitText,
  assertAttemptsLeft,
  budgetsOf,
  type DemandControl,
  drawAttempts,
  openReceipt,
} from './demand-control.ts'
import { type FailureLog, refusalsOf } from './failure.ts'
import { documentHash } from './document-hash.ts'
import { createFrontDoor } from './front-door.ts'
import { createKnownDocuments } from './known-documents.ts'
import { KNOWN_DOCUMENTS_BYTES } from './limits.ts'
import { type Receipt, withReceipt } from './receipt.ts'
import type { Door, GatewayContext, GatewayRequest } from './request.ts'
import { useDocumentFence } from './use-document-fence.ts'
import { useExecutor } from './use-executor.ts'
import { useKnownDocuments } from './use-known-documents.ts'
import { useParserLimits } from './use-parser-limits.ts'
import { useValidation } from './use-validation.ts'
import { writeDown } from './write-down.ts'
import { answerOverYoga, yogaError } from './yoga-http.ts'

export interface GatewayOptions {
  readonly schema: GraphQLSchema
  readonly compileOperation: typeof compileOperation
  readonly database: Database
  readonly vault: Vault
  readonly acts: Acts
  readonly demand: DemandControl
  readonly log: FailureLog
}

export interface Gateway {
  /** Answers through the front door: the pipeline alone. Never rejects. */
  readonly answer: (request: GatewayRequest) => Promise<Answer>
  /** Answers the same through Yoga's own HTTP. Never rejects. */
  readonly answerOverYoga: (request: GatewayRequest) => Promise<Answer>
  /**
   * A client whose attempts are used up is refused before anything of its request is read.
   * @throws {ApiError} RATE_LIMITED, with the wait
   */
  readonly assertAttemptsLeft: (client: Claimant) => void
  /**
   * Asks again once the text of a request is here, and draws for a long one before anything reads it.
   * @throws {ApiError} RATE_LIMITED, with the wait
   */
  readonly admitText: (client: Claimant, characters: number) => void
  /** The answer to a request that did not reach the pipeline, for whatever was thrown on its way. */
  readonly refuse: (error: unknown, request: RefusedRequest) => Answer
  /** The pipeline, in order. */
  readonly plugins: readonly Plugin<GatewayContext>[]
}

export type RefusedRequest = Claimant & Pick<GatewayRequest, 'mediaType' | 'requestId'>

/**
 * The GraphQL pipeline over one schema and one database.
 * @throws {StartError} when a list of the schema has no known bound, or a weight is none
 */
export function createGateway({ log, schema, demand, ...options }: GatewayOptions): Gateway {
  const prices = readPrices(schema)
  const documents = createKnownDocuments(KNOWN_DOCUMENTS_BYTES)
  const plugins = [
    // A new document: bounded, parsed, bounded again, validated
    useDocumentFence(),
    useParserLimits(),
    useValidation(),
    // Any document: its verdict, from here on remembered
    useKnownDocuments(documents, demand.attempts),
    // An operation: compiled, planned, run
    useExecutor({ schema, prices, documents, demand, log, ...options }),
  ]
  const yoga = createYoga<GatewayContext>({
    schema,
    plugins,
    maskedErrors: { maskError: (error) => yogaError(error, log) },
    // All of HTTP that is not GraphQL stands in front of this, once for both doors.
    logging: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    maxRequestBodySize: false,
    // Counts entries, not bytes, and keeps verdicts by the names of the rules.
    parserAndValidationCache: false,
  })
  const frontDoor = createFrontDoor({ schema, getEnveloped: yoga.getEnveloped, documents, log })
  return {
    plugins,
    answer: answering(demand, frontDoor),
    answerOverYoga: answering(demand, (context) => answerOverYoga(yoga, context)),
    assertAttemptsLeft: (client) => assertAttemptsLeft(demand, budgetsOf(demand, client)),
    admitText: (client, characters) => admitText(demand, budgetsOf(demand, client), characters),
    refuse(error, { requestId, mediaType, ...client }) {
      const claims = budgetsOf(demand, client)
      const receipt = openReceipt(demand, claims, client.principal)
      const startedMs = performance.now()
      const refused = refusalAnswer(refusalsOf(error, log, requestId), mediaType)
      drawAttempts(demand, claims, { receipt, answer: refused })
      const answer = withReceipt(refused, receipt)
      writeDown(demand, { principal: client.principal, requestId, receipt, answer, startedMs })
      return answer
    },
  }
}

/** Answers through this door, and tells the client with every answer what it cost. */
function answering(demand: DemandControl, door: Door): Gateway['answer'] {
  return async (request) => {
    const startedMs = performance.now()
    const claims = budgetsOf(demand, request)
    const receipt = openReceipt(demand, claims, request.principal)
    if (!demand.meter.hasRoom) return unmetered(request, receipt)
    const answered = await door({ ...request, claims, receipt })
    receipt.operation ??= { name: '', document: documentHash(request.parameters) }
    drawAttempts(demand, claims, { receipt, answer: answered })
    const answer = withReceipt(answered, receipt)
    const { principal, requestId } = request
    writeDown(demand, { principal, requestId, receipt, answer, startedMs })
    return answer
  }
}

/** The answer while nothing can be written down: it is not written down either, and costs nobody anything. */
function unmetered({ mediaType }: GatewayRequest, receipt: Receipt): Answer {
  return withReceipt(refusalAnswer([apiError('UNAVAILABLE')], mediaType), receipt)
}

function readPrices(schema: GraphQLSchema): SchemaCost {
  try {
    const prices = compileCost(schema)
    const unbounded = unboundedLists(prices)
    if (unbounded.length === 0) return prices
    throw new StartError(
      `No bound is known for ${unbounded.join(', ')}: give each a @listSize, or it can not be priced.`,
    )
  } catch (error) {
    if (error instanceof CostError) throw new StartError(error.message, { cause: error })
    throw error
  }
}
