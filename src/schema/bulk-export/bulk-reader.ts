import type { GraphQLSchema } from 'graphql'
import { watchReads } from '../../auth/account/watched-reads.ts'
import type { Acts } from '../../auth/act.ts'
import type { Principal } from '../../auth/principal.ts'
import type { BulkPage, OpenBulkQuery } from '../../community/bulk-export/bulk-reader.ts'
import type { Database } from '../../database/connect.ts'
import type { Vault } from '../../vault/vault.ts'
import { compileOperation, type Operation } from '../plan/operation.ts'
import type { Progress, RateLimitValues } from '../plan/plan.ts'
import { type BulkList, readBulkQuery } from './read-bulk-query.ts'

export interface BulkReaderOptions extends Pick<Acts, 'vault' | 'clock'> {
  readonly schema: GraphQLSchema
  /** What pages are read over. */
  readonly database: Database
}

/**
 * Reads pages of exports the way every operation is read: the same access, rows and statements, and staff's reads stand in the
 * access logs of the owners.
 */
export function createBulkReader(options: BulkReaderOptions): OpenBulkQuery {
  const { schema } = options
  return (text) => {
    const query = readBulkQuery(schema, text)
    if (query.kind === 'refused') return null
    const { list } = query
    const pages = compileOperation(schema, query.page)
    const counts = compileOperation(schema, query.count)
    return {
      async page(principal, after) {
        const { data, databaseUs } = await run(options, pages, { principal, variables: { after } })
        return { ...pageOf(data, list), databaseUs }
      },
      async count(principal) {
        const { data } = await run(options, counts, { principal, variables: {} })
        return (JSON.parse(data) as Answer<{ readonly totalCount: number }>)[list].totalCount // what was asked for
      },
    }
  }
}

type Answer<Connection> = Readonly<Record<BulkList, Connection>>

interface Page {
  readonly nodes: readonly object[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

function pageOf(answer: string, list: BulkList): Omit<BulkPage, 'databaseUs'> {
  const { nodes, pageInfo } = (JSON.parse(answer) as Answer<Page>)[list] // what was asked for
  return {
    lines: nodes.map((node) => JSON.stringify(node)),
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  }
}

interface Asked {
  readonly principal: Principal
  readonly variables: Readonly<Record<string, unknown>>
}

async function run(
  { database, vault, clock }: BulkReaderOptions,
  operation: Operation,
  { principal, variables }: Asked,
): Promise<{ readonly data: string; readonly databaseUs: number }> {
  const progress: Progress = { stage: 'waiting', counts: null, databaseUs: 0 }
  const forgetful = withoutMemory(vault)
  const watched = watchReads({ vault: forgetful, database, clock }, principal)
  const { data } = await operation.plan(principal.standing, variables).run({
    principal,
    variables,
    database,
    progress,
    vault: watched?.vault ?? forgetful,
    get rateLimit(): RateLimitValues {
      throw new Error('An export does not ask for its rate limit.')
    },
  })
  await watched?.note()
  return { data, databaseUs: Math.round(progress.databaseUs) }
}

/** Names that are read once fill the memory for those that are read often. */
function withoutMemory(vault: Vault): Vault {
  return {
    pepper: vault.pepper,
    seal: (plain, where) => vault.seal(plain, where),
    open: (sealed, where) => vault.open(sealed, where),
    openLabel: (sealed, where) => vault.open(sealed, where),
    labelIndex: (label) => vault.labelIndex(label),
    sessionKeys: (wanted) => vault.sessionKeys(wanted),
  }
}
