import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor'
import type { Plugin } from 'graphql-yoga'

import { apiError } from '../errors.ts'
import { DOCUMENT_LIMITS } from './limits.ts'
import type { GatewayContext } from './request.ts'

/** Bounds the shape of a document: tokens while it is parsed; depth, aliases and directives while it is validated. */
export function useDocumentFence(): Plugin<GatewayContext> {
  return EnvelopArmorPlugin({
    maxTokens: { n: DOCUMENT_LIMITS.tokens, onReject: [refusing('tokens')] },
    maxDepth: { n: DOCUMENT_LIMITS.depth, onReject: [refusing('depth')] },
    // Its default list lets `a: __typename` through without end.
    maxAliases: { n: DOCUMENT_LIMITS.aliases, allowList: [], onReject: [refusing('aliases')] },
    maxDirectives: { n: DOCUMENT_LIMITS.directives, onReject: [refusing('directives')] },
    // Sees literal arguments only: `first: $n` passes whatever $n is.
    costLimit: { enabled: false },
    // graphql-js leaves suggestions out itself, of coercion errors too.
    blockFieldSuggestion: { enabled: false },
  })
}

/** In our words: the library's speak of queries, and count what they do not name. */
const MESSAGES = {
  tokens: `A document holds at most ${DOCUMENT_LIMITS.tokens} tokens.`,
  depth: `An operation is at most ${DOCUMENT_LIMITS.depth} levels deep: a field or an inline fragment is one, a spread two.`,
  aliases: `An operation holds at most ${DOCUMENT_LIMITS.aliases} aliases, those of its fragments included.`,
  directives: `An operation holds at most ${DOCUMENT_LIMITS.directives} directives, those of its fragments included.`,
} as const satisfies Partial<Record<keyof typeof DOCUMENT_LIMITS, string>>

function refusing(limit: keyof typeof MESSAGES): () => never {
  return () => {
    throw apiError('DOCUMENT_TOO_LARGE', { message: MESSAGES[limit] })
  }
}
