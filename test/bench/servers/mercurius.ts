// Mercurius with graphql-jit and its loaders.
import Fastify from 'fastify'
import { mercurius } from 'mercurius'
import { connect } from './connect.ts'
import { PLAIN_SCHEMA } from './plain-schema.ts'
import {
  type Account,
  type MeasurementSet,
  type Pattern,
  readAccounts,
  readAccountsById,
  readPatterns,
  readSets,
} from './plain-rows.ts'

interface Wanted<Parent> {
  readonly obj: Parent
  readonly params: { readonly first: number }
}

interface Page {
  readonly first: number
  readonly after?: string | null
}

const pool = connect()
const app = Fastify()

app.register(mercurius, {
  schema: PLAIN_SCHEMA,
  jit: 1,
  resolvers: {
    Query: {
      me: async (_root, _args, { reply }) =>
        (await readAccountsById(pool, [String(reply.request.headers['x-account'])]))[0],
      accounts: async (_root, { first, after }: Page) => ({
        nodes: await readAccounts(pool, first, after),
      }),
    },
    AccountConnection: {
      edges: ({ nodes }: { readonly nodes: readonly Account[] }) =>
        nodes.map((node) => ({ cursor: node.username, node })),
    },
    Account: { id: (account: Account) => account.ref },
    MeasurementSet: {
      id: (set: MeasurementSet) => set.ref,
      createdAt: (set: MeasurementSet) => set.created_at,
      updatedAt: (set: MeasurementSet) => set.updated_at,
    },
    Pattern: { id: (pattern: Pattern) => pattern.ref },
  },
  loaders: {
    Account: { measurementSets: batched(loadSets) },
    MeasurementSet: { owner: batched(loadOwners), patterns: batched(loadPatterns) },
  },
})

await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' })

/** Without the cache, whose keys cost more here than it saves. */
function batched<Parent, Found>(loader: (wanted: Wanted<Parent>[]) => Promise<Found[]>) {
  return { loader, opts: { cache: false } }
}

// The same page size throughout one query: all of it is one batch.
async function loadSets(wanted: Wanted<Account>[]) {
  const accounts = wanted.map(({ obj }) => obj.id)
  const pages = await readSets(pool, accounts, wanted[0]?.params.first ?? 0)
  return pages.map((nodes) => ({ nodes }))
}

async function loadPatterns(wanted: Wanted<MeasurementSet>[]) {
  const sets = wanted.map(({ obj }) => obj.id)
  const pages = await readPatterns(pool, sets, wanted[0]?.params.first ?? 0)
  return pages.map((nodes) => ({ nodes }))
}

async function loadOwners(wanted: Wanted<MeasurementSet>[]) {
  const accounts = wanted.map(({ obj }) => obj.account_id)
  return readAccountsById(pool, accounts)
}
