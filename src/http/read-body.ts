import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

import { apiError } from '../errors.ts'

/**
 * The whole body as text. One that says it is too long is refused unread.
 * @throws {ApiError} BODY_TOO_LARGE above `bytesMax`; BAD_REQUEST when it is not UTF-8 or ends early
 */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(request, bytesMax)
  const bytes = await collect(request, bytesMax)
  if (!isUtf8(bytes)) throw apiError('BAD_REQUEST', { message: 'The body is not UTF-8.' })
  return bytes.toString('utf8')
}

/** Callbacks, not an async iterator: most bodies are one chunk, and this is the hot path. */
function collect(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > bytesMax) return reject(tooLarge(request, bytesMax))
      chunks.push(chunk)
    })
    request.on('end', () => {
      const [first] = chunks
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks))
    })
    request.on('error', () => {
      reject(apiError('BAD_REQUEST', { message: 'The body ended before its time.' }))
    })
  })
}

function tooLarge(request: IncomingMessage, bytesMax: number): Error {
  discardRest(request)
  return apiError('BODY_TOO_LARGE', { extensions: { limit: bytesMax } })
}

/** Lets a client that is still sending read the refusal, then cuts it off: closed at once, it would see a reset. */
function discardRest(request: IncomingMessage): void {
  request.removeAllListeners('data')
  request.resume()
  const cut = setTimeout(() => request.socket.destroy(), GRACE_MS)
  request.once('close', () => clearTimeout(cut))
}

const GRACE_MS = 1_000
