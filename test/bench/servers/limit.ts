// What the machine gives at best: bare node:http, one prepared statement per query, its text straight to the socket. No key
// is checked, no document is parsed.
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { connect } from './connect.ts'
import { LIMITS } from './limit.sql.ts'

const pool = connect()

interface Parameters {
  readonly query: string
  readonly variables?: { readonly a?: string | null }
}

async function answer(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  // The load generator is the only client, and sends nothing else.
  const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as Parameters
  const limit = LIMITS.get(query)
  if (limit === undefined) throw new Error(`No statement for ${query}`)
  const { name, text, by } = limit
  const values = [by === 'caller' ? request.headers['x-account'] : (variables?.a ?? '')]
  const { rows } = await pool.query<[string], unknown[]>({ name, text, values, rowMode: 'array' })
  return `{"data":${rows[0]?.[0] ?? 'null'}}`
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await answer(request)
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  } catch (error) {
    response.writeHead(500)
    response.end(String(error))
  }
}

createServer((request, response) => {
  void respond(request, response)
}).listen(Number(process.env['PORT']), '127.0.0.1')
