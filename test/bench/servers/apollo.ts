// Apollo Server 5, standalone, with DataLoader, as their guides show it.
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import DataLoader from 'dataloader'
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

interface Context {
  readonly account: string
  readonly loaders: ReturnType<typeof createLoaders>
}

interface Page {
  readonly first: number
  readonly after?: string | null
}

const pool = connect()

/** Loaders for one request. The same page size throughout it: each field is one batch. */
function createLoaders() {
  return {
    account: new DataLoader((ids: readonly string[]) => readAccountsById(pool, ids)),
    sets: new DataLoader(
      (pages: readonly { readonly account: string; readonly first: number }[]) =>
        readSets(
          pool,
          pages.map(({ account }) => account),
          pages[0]?.first ?? 0,
        ),
      { cacheKeyFn: ({ account, first }) => `${account}/${first}` },
    ),
    patterns: new DataLoader(
      (pages: readonly { readonly set: string; readonly first: number }[]) =>
        readPatterns(
          pool,
          pages.map(({ set }) => set),
          pages[0]?.first ?? 0,
        ),
      { cacheKeyFn: ({ set, first }) => `${set}/${first}` },
    ),
  }
}

const server = new ApolloServer<Context>({
  typeDefs: PLAIN_SCHEMA,
  resolvers: {
    Query: {
      me: (_root, _args, { account, loaders }) => loaders.account.load(account),
      accounts: async (_root, { first, after }: Page) => ({
        nodes: await readAccounts(pool, first, after),
      }),
    },
    AccountConnection: {
      edges: ({ nodes }: { readonly nodes: readonly Account[] }) =>
        nodes.map((node) => ({ cursor: node.username, node })),
    },
    Account: {
      id: (account: Account) => account.ref,
      measurementSets: async (account: Account, { first }: Page, { loaders }) => ({
        nodes: await loaders.sets.load({ account: account.id, first }),
      }),
    },
    MeasurementSet: {
      id: (set: MeasurementSet) => set.ref,
      createdAt: (set: MeasurementSet) => set.created_at,
      updatedAt: (set: MeasurementSet) => set.updated_at,
      owner: (set: MeasurementSet, _args, { loaders }) => loaders.account.load(set.account_id),
      patterns: async (set: MeasurementSet, { first }: Page, { loaders }) => ({
        nodes: await loaders.patterns.load({ set: set.id, first }),
      }),
    },
    Pattern: { id: (pattern: Pattern) => pattern.ref },
  },
})

await startStandaloneServer(server, {
  listen: { port: Number(process.env['PORT']), host: '127.0.0.1' },
  context: async ({ req }) => ({
    account: String(req.headers['x-account']),
    loaders: createLoaders(),
  }),
})
