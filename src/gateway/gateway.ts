import type { GraphQLSchema } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'

import type { Database } from '../database/connect.ts'
import type { compileOperation } from '../schema/plan/operation.ts'
import type { Vault } from '../vault/vault.ts'
import type { Answer } from './answer.ts'
import type { FailureLog } from './failure.ts'
import { createFrontDoor } from './front-door.ts'
import { createKnownDocuments } from './known-documents.ts'
import { KNOWN_DOCUMENTS_BYTES } from './limits.ts'
import type { GatewayContext, GatewayRequest } from './request.ts'
import { useDocumentFence } from './use-document-fence.ts'
import { useExecutor } from './use-executor.ts'
import { useKnownDocuments } from './use-known-documents.ts'
import { useParserLimits } from './use-parser-limits.ts'
import { useValidation } from './use-validation.ts'
import { answerOverYoga, yogaError } from './yoga-http.ts'

export interface GatewayOptions {
  readonly schema: GraphQLSchema
  readonly compileOperation: typeof compileOperation
  readonly database: Database
  readonly vault: Vault
  readonly log: FailureLog
}

export interface Gateway {
  /** Answers through the front door: the pipeline alone. Never rejects. */
  readonly answer: (request: GatewayRequest) => Promise<Answer>
  /** Answers the same through Yoga's own HTTP. Never rejects. */
  readonly answerOverYoga: (request: GatewayRequest) => Promise<Answer>
  /** The pipeline, in order. */
  readonly plugins: readonly Plugin<GatewayContext>[]
}

/** The GraphQL pipeline over one schema and one database. */
export function createGateway({ log, schema, ...options }: GatewayOptions): Gateway {
  const documents = createKnownDocuments(KNOWN_DOCUMENTS_BYTES)
  const plugins = [
    // A new document: bounded, parsed, bounded again, validated
    useDocumentFence(),
    useParserLimits(),
    useValidation(),
    // Any document: its verdict, from here on remembered
    useKnownDocuments(documents),
    // An operation: compiled, planned, run
    useExecutor({ schema, documents, log, ...options }),
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
  return {
    plugins,
    answer: createFrontDoor({ schema, getEnveloped: yoga.getEnveloped, documents, log }),
    answerOverYoga: (request) => answerOverYoga(yoga, request),
  }
}
