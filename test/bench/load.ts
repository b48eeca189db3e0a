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
  readonly requests: number
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
        if (state !== 'done') {
          socket.destroy()
          reject(new Error(state.refused))
          return
        }
        latencies.push(performance.now() - sentAt)
        send()
      })
    })

  await Promise.all(Array.from({ length: connections }, runConnection))
  const sorted = Float64Array.from(latencies).toSorted()
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
  return {
    requests: sorted.length,
    seconds: (performance.now() - startedAt) / 1_000,
    bytes,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
}

/** Tells after each piece of an answer whether it was the last. Only an answer with status 200 and data counts. */
function createAnswerReader() {
  let head: Buffer | null = Buffer.alloc(0)
  let left = 0
  let tail: Buffer | null = null

  return (chunk: Buffer): 'more' | 'done' | { readonly refused: string } => {
    let body = chunk
    if (head !== null) {
      const read = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      const end = read.indexOf(HEAD_END)
      if (end === -1) {
        head = read
        return 'more'
      }
      const text = read.toString('latin1', 0, end)
      body = read.subarray(end + HEAD_END.length)
      if (!text.startsWith('HTTP/1.1 200'))
        return { refused: read.toString('utf8').slice(0, 1_000) }
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
    return 'done'
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
