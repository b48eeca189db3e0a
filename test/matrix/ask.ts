import { Agent, request } from 'node:http'

/** What of an answer the matrix compares. */
export interface Answer {
  readonly status: number
  /** JSON as it came. */
  readonly body: string
  readonly data: unknown
  readonly codes: readonly string[]
  /** What each problem says: path, code, and levels where they are said. */
  readonly problems: readonly string[]
  readonly verdict: string | null
}

export type Ask = (
  headers: Readonly<Record<string, string>>,
  document: string,
  variables?: object,
) => Promise<Answer>

interface Body {
  readonly data?: unknown
  readonly errors?: readonly {
    readonly extensions: { readonly code: string; readonly problems?: readonly Problem[] }
  }[]
  readonly extensions?: { readonly cost?: { readonly verdict?: string } }
}

interface Problem {
  readonly path: string
  readonly code: string
  readonly levelNeeded?: number
  readonly levelHeld?: number
  readonly rolesNeeded?: readonly string[]
}

/** Asks a gateway at this address over connections that are kept. `close` ends them. */
export function asking(origin: string): { readonly ask: Ask; readonly close: () => void } {
  const agent = new Agent({ keepAlive: true })
  const { hostname, port } = new URL(origin)
  const ask: Ask = (headers, query, variables) =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          agent,
          hostname,
          port,
          method: 'POST',
          path: '/graphql',
          headers: {
            'content-type': 'application/json',
            accept: 'application/graphql-response+json',
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            const { statusCode: status = 0 } = response
            resolve(read(status, Buffer.concat(chunks).toString()))
          })
          response.on('error', reject)
        },
      )
      sent.on('error', reject)
      sent.end(JSON.stringify({ query, variables }))
    })
  return { ask, close: () => agent.destroy() }
}

function read(status: number, body: string): Answer {
  const { data = null, errors = [], extensions } = JSON.parse(body) as Body // what the gateway's own tests hold it to
  const codes = errors.map((error) => error.extensions.code)
  const problems = errors.flatMap((error) => (error.extensions.problems ?? []).map(inWords))
  return { status, body, data, codes, problems, verdict: extensions?.cost?.verdict ?? null }
}

function inWords({ path, code, levelNeeded, levelHeld, rolesNeeded }: Problem): string {
  return [path, code, levelNeeded, levelHeld, rolesNeeded?.join()]
    .filter((part) => part !== undefined)
    .join(' ')
}
