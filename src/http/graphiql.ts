import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

import type { Exchange } from './exchange.ts'
import type { Handler, Routes } from './router.ts'
import { PAGE_HEADERS } from './security-headers.ts'

export interface GraphiqlPage {
  /** Answers with the page itself; 503 where it was not built. */
  readonly page: Handler
  /** Its scripts, styles and fonts, below /graphql/assets/. */
  readonly routes: Routes
}

/** The GraphiQL page as Vite built it into this folder, held in memory. */
export function createGraphiqlPage(folder: string): GraphiqlPage {
  const index = join(folder, 'index.html')
  if (!existsSync(index)) return { page: answerNotBuilt, routes: {} }
  const assets = readdirSync(join(folder, 'assets'))
  return {
    page: serveFile(index, 'no-cache'),
    routes: Object.fromEntries(
      assets.map((name) => {
        // The name holds a hash of the content: another content has another name.
        const file = serveFile(join(folder, 'assets', name), 'public, max-age=31536000, immutable')
        return [`/graphql/assets/${name}`, { GET: file, HEAD: file }]
      }),
    ),
  }
}

function answerNotBuilt(exchange: Exchange): void {
  exchange.send({
    status: 503,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '60' },
    body: 'GraphiQL is not built. Run `npm run build`, then start again. The API works without it.\n',
  })
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
}

function serveFile(path: string, cacheControl: string): Handler {
  const plain = readFileSync(path)
  const etag = `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  const compressed = new Map<Encoding, Promise<Buffer>>()
  const headers = {
    'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
    'Cache-Control': cacheControl,
    ETag: etag,
    Vary: 'Accept, Accept-Encoding',
  }
  return async (exchange) => {
    const { 'if-none-match': known, 'accept-encoding': accepted } = exchange.request.headers
    if (known === etag) {
      return exchange.sendWith(PAGE_HEADERS, { status: 304, headers, body: '' })
    }
    const encoding = chooseEncoding(accepted)
    if (encoding === null) {
      return exchange.sendWith(PAGE_HEADERS, { status: 200, headers, body: plain })
    }
    // Compressed when first asked for, and then kept: a start does not wait for megabytes of editor.
    const body = compressed.get(encoding) ?? COMPRESS[encoding](plain)
    compressed.set(encoding, body)
    const encoded = { ...headers, 'Content-Encoding': encoding }
    exchange.sendWith(PAGE_HEADERS, { status: 200, headers: encoded, body: await body })
  }
}

type Encoding = 'br' | 'gzip'

const COMPRESS = {
  br: (plain) =>
    promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (plain) => promisify(gzip)(plain),
} as const satisfies Record<Encoding, (plain: Buffer) => Promise<Buffer>>

function chooseEncoding(accepted: string | string[] | undefined): Encoding | null {
  const ranges = String(accepted ?? '').toLowerCase()
  if (/\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(ranges)) return 'br'
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(ranges) ? 'gzip' : null
}
