import { request } from 'node:http'

/** The status and text of the answer to a POST whose body never arrives. */
export function postHeadersOnly(
  origin: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '50', ...headers },
    })
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
        sent.destroy()
      })
    })
    sent.on('error', reject)
    sent.flushHeaders()
  })
}
