import { gunzipSync } from 'node:zlib'
import type { AccessLevel } from '../../src/auth/access.ts'
import type { OpenBulkQuery } from '../../src/community/bulk-export/bulk-reader.ts'
import type { BulkRunner } from '../../src/community/bulk-export/bulk-runner.ts'
import { runExports } from '../../src/community/bulk-export/run-exports.ts'
import { createBulkReader } from '../../src/schema/bulk-export/bulk-reader.ts'
import { schema } from '../../src/schema/schema.ts'
import { insertSets } from './many-sets.ts'
import { testGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts'

export const QUERY = '{ measurementSets { nodes { id name measurements } } }'

const START = `mutation ($query: String!) {
  startBulkExport(input: { query: $query }) {
    ... on StartBulkExportPayload { bulkExport { id state } } ... on Problem { code } } }`

/** An export as its owner sees it. */
export interface SeenExport {
  readonly id: string
  readonly state: string
  readonly failure: string | null
  readonly sets: number
  readonly total: number | null
  readonly url: string | null
  readonly resumesAt: string | null
}

export interface BulkDesk {
  readonly gateway: TestGateway
  /** UUID of an account with as many sets as were asked for, and its key. */
  readonly accountId: string
  readonly key: string
  /** Asks for an export; its id, or the code of what came of it. */
  readonly start: (query?: string, key?: string) => Promise<string>
  /** One round of the runner, with another reader or signal where they are given. */
  readonly round: (over?: Partial<BulkRunner>, signal?: AbortSignal) => Promise<void>
  /** The exports that the key sees, earliest first. */
  readonly seen: (key?: string) => Promise<readonly SeenExport[]>
  /** The lines behind a link. */
  readonly lines: (url: string | null | undefined) => Promise<readonly unknown[]>
  readonly openQuery: OpenBulkQuery
  readonly failures: readonly unknown[]
}

/** A gateway, somebody with many sets and a key, and the work of the background at the test's word. */
export async function bulkDesk({
  sets = 250,
  level = 1,
  role = 'user',
  ...options
}: TestGatewayOptions & {
  readonly sets?: number
  readonly level?: AccessLevel
  readonly role?: 'user' | 'admin'
} = {}): Promise<BulkDesk> {
  const gateway = await testGateway(options)
  const { acts, demand, database, vault } = gateway
  const accountId = await gateway.account({ username: 'ada', role })
  await insertSets(gateway, accountId, sets)
  const key = await gateway.issueKey({ accountId, level })
  const openQuery = createBulkReader({ schema, database, vault, clock: acts.clock })
  const failures: unknown[] = []
  const runner: BulkRunner = {
    ...acts,
    ...demand,
    openQuery,
    onFailure: (error) => failures.push(error),
  }
  return {
    gateway,
    accountId,
    key,
    openQuery,
    failures,
    async start(query = QUERY, asking = key) {
      const { data, body } = await gateway.post(START, asking, { query })
      const answer = (data as { readonly startBulkExport: Started } | undefined)?.startBulkExport
      if (answer === undefined) throw new Error(body)
      return 'code' in answer ? answer.code : answer.bulkExport.id
    },
    round: (over = {}, signal = new AbortController().signal) =>
      runExports({ ...runner, ...over }, signal),
    async seen(asking = key) {
      const { data, body } = await gateway.post(
        '{ bulkExports { nodes { id state failure sets total url resumesAt } } }',
        asking,
      )
      if (data === undefined) throw new Error(body)
      return (data as { readonly bulkExports: { readonly nodes: readonly SeenExport[] } })
        .bulkExports.nodes
    },
    async lines(url) {
      const { bytes, status } = await gateway.send({ path: new URL(url ?? '').pathname })
      if (status !== 200) throw new Error(bytes.toString())
      const text = gunzipSync(bytes).toString()
      return text === ''
        ? []
        : text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line))
    },
  }
}

type Started = { readonly bulkExport: { readonly id: string } } | { readonly code: string }
