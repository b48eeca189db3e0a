import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor'
import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'

import { apiError } from '../errors.ts'
import { DOCUMENT_LIMITS } from './limits.ts'
import type { GatewayContext } from './request.ts'

/** Bounds the shape of a document: tokens while it is parsed; depth, aliases and directives while it is validated. */
export function useDocumentFence(): Plugin<GatewayContext> {
  return EnvelopArmorPlugin({
    maxTokens: { n: DOCUMENT_LIMITS.tokens, onReject: [refuse] },
    maxDepth: { n: DOCUMENT_LIMITS.depth, onReject: [refuse] },
    // Its default list lets `a: __typename` through without end.
    maxAliases: { n: DOCUMENT_LIMITS.aliases, allowList: [], onReject: [refuse] },
    maxDirectives: { n: DOCUMENT_LIMITS.directives, onReject: [refuse] },
    // Sees literal arguments only: `first: $n` passes whatever $n is.
    costLimit: { enabled: false },
    // graphql-js leaves suggestions out itself, of coercion errors too.
    blockFieldSuggestion: { enabled: false },
  })
}

function refuse(_context: unknown, error: GraphQLError): never {
  throw apiError('DOCUMENT_TOO_LARGE', { message: error.message.replace('Syntax Error: ', '') })
}
