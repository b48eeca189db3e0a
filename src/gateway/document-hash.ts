import { hash } from 'node:crypto'

import type { GraphqlParameters } from './request.ts'

/** What the ledger knows a document by: SHA-256 of its text, in base64url. */
export function documentHash({ query }: Pick<GraphqlParameters, 'query'>): string {
  return hash('sha256', query, 'base64url')
}
