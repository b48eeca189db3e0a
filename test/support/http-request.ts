import { request, type IncomingHttpHeaders } from 'node:http'

export interface HttpRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The body as it came, compressed where it was. */
  readonly bytes: Buffer
}

/** Sends exactly these fields, and no others of its own but Host and the body's length. */
export function sendRequest(
  origin: string,
  { method = 'GET', path = '/graphql', headers = {}, body }: HttpRequest,
): Promise<HttpAnswer> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const sent = request(
      // node:http types a list of values as writable, and does not write to it.
      { hostname, port, method, path, headers: headers as Record<string, string | string[]> },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const { statusCode: status = 0, headers: answered } = response
          const bytes = Buffer.concat(chunks)
          resolve({ status, headers: answered, body: bytes.toString(), bytes })
        })
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
