// PostGraphile 5 on the tables of the plain copy, as its guide shows it: watching off, no query explanations.
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { context } from 'postgraphile/grafast'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { extendSchema } from 'postgraphile/utils'

declare global {
  namespace Grafast {
    interface Context {
      account: string
    }
  }
}

const MePlugin = extendSchema((build) => {
  const { account } = build.input.pgRegistry.pgResources
  return {
    typeDefs: 'extend type Query { me: Account }',
    objects: {
      Query: {
        plans: {
          me: () => account?.get({ id: context().get('account') }),
        },
      },
    },
  }
})

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [MePlugin],
  pgServices: [
    makePgService({
      connectionString: process.env['DATABASE_URL'],
      schemas: ['plain'],
      poolConfig: { max: 10, min: 10 },
    }),
  ],
  grafserv: { watch: false, graphiql: false, port: Number(process.env['PORT']) },
  grafast: {
    explain: false,
    context: ({ node }) => ({ account: String(node?.req.headers['x-account']) }),
  },
})

const server = createServer()
server.on('error', (error) => {
  throw error
})
const serv = pgl.createServ(grafserv)
await serv.addTo(server)
server.listen(Number(process.env['PORT']), '127.0.0.1')
