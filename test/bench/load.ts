// The load generator, a process of its own: keep-alive connections, each with one request at a time. It reads of an answer no
// more than where it ends and how it begins, so that as much as possible of its core is left to PostgreSQL.
import { createConnection } from 'node:net'
import type { AskedRequest } from './start-server.ts'

export interface LoadOrder {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  readonly requests: readonly AskedRequest[]
}

export interface LoadResult {
  /** Those that were answered. */
  readonly requests: number
  /** Those that were answered with 503: too much load for this server. */
  readonly refused: number
  readonly seconds: number
  readonly bytes: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const HEAD_END = Buffer.from('\r\n\r\n')
const CHUNKS_END = Buffer.from('\r\n0\r\n\r\n')

process.on('message', (order: LoadOrder) => {
  void run(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ failure: String(error) }),
  )
})

async function run({ port, connections, seconds, requests }: LoadOrder): Promise<LoadResult> {
  const texts = requests.map(printRequest)
  const latencies: number[] = []
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1_000
  let next = 0
  let bytes = 0
  let refused = 0

  const runConnection = () =>
    new Promise<void>((resolve, reject) => {
      const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
      const answer = createAnswerReader()
      let sentAt = 0
      const send = () => {
        sentAt = performance.now()
        if (sentAt >= endsAt) {
          socket.destroy()
          resolve()
          return
        }
        const text = texts[next % texts.length]
        next += 1
        socket.write(text ?? '')
      }
      socket.on('connect', send)
      socket.on('error', reject)
      socket.on('end', () => reject(new Error('The server closed a connection.')))
      socket.on('data', (chunk) => {
        bytes += chunk.length
        const state = answer(chunk)
        if (state === 'more') return
        if (state === 'done') latencies.push(performance.now() - sentAt)
        else if (state === 'refused') refused += 1
        else {
          socket.destroy()
          reject(new Error(state.failure))
          return
        }
        send()
      })
    })

  await Promise.all(Array.from({ length: connections }, runConnection))
  const sorted = Float64Array.from(latencies).toSorted()
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
  return {
    requests: sorted.length,
    refused,
    seconds: (performance.now() - startedAt) / 1_000,
    bytes,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
}

/** Tells after each piece of an answer whether it was the last. Anything but 200 and 503 is a failure of the comparison. */
function createAnswerReader() {
  let head: Buffer | null = Buffer.alloc(0)
  let left = 0
  let tail: Buffer | null = null
  let end: 'done' | 'refused' = 'done'

  return (chunk: Buffer): 'more' | 'done' | 'refused' | { readonly failure: string } => {
    let body = chunk
    if (head !== null) {
      const read = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      const headEnd = read.indexOf(HEAD_END)
      if (headEnd === -1) {
        head = read
        return 'more'
      }
      const text = read.toString('latin1', 0, headEnd)
      body = read.subarray(headEnd + HEAD_END.length)
      const status = text.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)
      if (status !== '200' && status !== '503') return { failure: read.toString().slice(0, 1_000) }
      end = status === '200' ? 'done' : 'refused'
      const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1]
      left = Number(length ?? 0)
      tail = length === undefined ? Buffer.alloc(0) : null
      head = null
    }
    if (tail === null) left -= body.length
    else tail = Buffer.concat([tail, body]).subarray(-CHUNKS_END.length)
    const isDone = tail === null ? left <= 0 : tail.equals(CHUNKS_END)
    if (!isDone) return 'more'
    head = Buffer.alloc(0)
    return end
  }
}

function printRequest({ headers, body }: AskedRequest): Buffer {
  const lines = [
    'POST /graphql HTTP/1.1',
    'host: 127.0.0.1',
    'accept: application/json',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
