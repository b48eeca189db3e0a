import type { Acts } from '../../auth/act.ts'
import { ANONYMOUS_PRINCIPAL } from '../../auth/principal.ts'
import { findFile, noteDownload, readFile } from '../../community/bulk-export/download-export.ts'
import { BULK_EXPORT_PATH } from '../../community/bulk-export/write-progress.ts'
import { apiError } from '../../errors.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { FindClient } from '../client-address.ts'
import type { Exchange } from '../exchange.ts'
import type { Routes } from '../router.ts'

export interface BulkExportOptions {
  readonly acts: Pick<Acts, 'database' | 'vault' | 'clock'>
  readonly gateway: Pick<Gateway, 'assertAttemptsLeft'>
  readonly findClient: FindClient
}

/**
 * The files behind the links of bulk exports: JSON lines in gzip. The token stands in the path, so that any program
 * downloads them; it is good until the link ends, and as long as whoever asked for the file may still read it.
 */
export function bulkExportRoutes({ acts, gateway, findClient }: BulkExportOptions): Routes {
  /** Exports whose file is on its way: one at a time, whoever has the link. */
  const running = new Map<string, symbol>()

  async function download(exchange: Exchange): Promise<void> {
    const { network: address } = findClient(exchange.request)
    gateway.assertAttemptsLeft({ principal: ANONYMOUS_PRINCIPAL, address })
    const file = await findFile(acts, exchange.path.slice(BULK_EXPORT_PATH.length))
    if (file === null) throw apiError('NOT_FOUND', { message: GONE })
    const { exportId, bytes, endedAt } = file
    if (running.has(exportId)) throw apiError('CONCURRENCY_LIMITED', UNDER_WAY)
    const mine = Symbol(exportId)
    const end = () => void (running.get(exportId) === mine && running.delete(exportId))
    running.set(exportId, mine)
    const name = `maat-sets-${endedAt.toISOString().slice(0, 10)}.jsonl.gz`
    const headers = {
      'Content-Type': 'application/gzip',
      'Content-Length': String(bytes),
      'Content-Disposition': `attachment; filename="${name}"`,
    }
    const isWhole = await exchange
      .stream(headers, endingWith(end, readFile(acts, file)))
      .finally(end)
    if (isWhole) await noteDownload(acts, file)
  }

  return { [`${BULK_EXPORT_PATH}*`]: { GET: download } }
}

/** Calls `end` with the last part already, so that whoever has all of it may ask again at once. */
async function* endingWith(end: () => void, parts: ReturnType<typeof readFile>) {
  try {
    yield* parts
  } finally {
    end()
  }
}

const GONE =
  'This link opens nothing: it is too old, there is a newer export, or whoever asked for it may not read this any more. Start another one with startBulkExport.'
const UNDER_WAY = {
  message: 'This file is being sent already. Wait until that has ended, then try again.',
  extensions: { retryAfterSeconds: 5 },
}
