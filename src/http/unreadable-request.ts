import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

import { apiError } from '../errors.ts'
import { refusalAnswer, type Answer } from '../gateway/answer.ts'
import { requestIdOf } from './request-id.ts'
import { API_HEADERS } from './security-headers.ts'

/** The answer to bytes that Node's parser gave up on, by the code of its error. */
export function unreadableAnswer(code: string | undefined): Answer {
  const { status, message } = ANSWERS.get(code) ?? UNREADABLE
  return { ...refusalAnswer([apiError('BAD_REQUEST', { message })], 'application/json'), status }
}

/** Writes the answer to a socket that no request was read from, as the server's other answers look, and ends it. */
export function endWith(socket: Duplex, { status, headers, body }: Answer): void {
  const fields = {
    ...API_HEADERS,
    ...headers,
    'X-Request-Id': requestIdOf(undefined),
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'))
}

const UNREADABLE = { status: 400, message: 'This is not an HTTP request.' }

const ANSWERS: ReadonlyMap<string | undefined, typeof UNREADABLE> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, message: 'The header fields are too large.' }],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', { status: 413, message: 'The body has too many extensions.' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, message: 'The request took too long to arrive.' }],
])
