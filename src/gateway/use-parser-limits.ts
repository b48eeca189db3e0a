import type { Plugin } from 'graphql-yoga'

import { apiError } from '../errors.ts'
import { DOCUMENT_LIMITS } from './limits.ts'
import type { GatewayContext } from './request.ts'

/** Refuses a long text unread, and bounds the parser itself: nesting overflows its stack before any rule sees the document. */
export function useParserLimits(): Plugin<GatewayContext> {
  return {
    onParse({ params, parseFn, setParseFn }) {
      if (Buffer.byteLength(String(params.source)) > DOCUMENT_LIMITS.bytes) {
        throw apiError('DOCUMENT_TOO_LARGE', {
          message: `A document holds at most ${DOCUMENT_LIMITS.bytes} bytes.`,
        })
      }
      setParseFn((source, options) =>
        parseFn(source, { ...options, maxTokens: DOCUMENT_LIMITS.tokens }),
      )
    },
  }
}
