import { DOCUMENTS, type Documents, POSTGRAPHILE_DOCUMENTS } from './queries.ts'

export interface Server {
  readonly title: string
  /** What node runs, from here. */
  readonly script: string
  readonly documents: Documents
}

export const SERVERS = {
  limit: {
    title: 'limit: node:http, one prepared statement',
    script: 'servers/limit.ts',
    documents: DOCUMENTS,
  },
  maat: { title: 'Maat', script: '../../src/bin/serve.ts', documents: DOCUMENTS },
  mercurius: {
    title: 'Mercurius + JIT + loaders',
    script: 'servers/mercurius.ts',
    documents: DOCUMENTS,
  },
  apollo: {
    title: 'Apollo Server 5 + DataLoader',
    script: 'servers/apollo.ts',
    documents: DOCUMENTS,
  },
  postgraphile: {
    title: 'PostGraphile 5',
    script: 'servers/postgraphile.ts',
    documents: POSTGRAPHILE_DOCUMENTS,
  },
} as const satisfies Record<string, Server>

export type ServerName = keyof typeof SERVERS
export const SERVER_NAMES = Object.keys(SERVERS).filter(isServerName)

export function isServerName(text: string): text is ServerName {
  return Object.hasOwn(SERVERS, text)
}
