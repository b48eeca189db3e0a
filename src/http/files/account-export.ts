import type { Acts } from '../../auth/act.ts'
import { EXPORT_FORMATS, type ExportFormatName } from '../../auth/account/export/export-format.ts'
import { endExport, EXPORT_PATH, findExport } from '../../auth/account/export/export-links.ts'
import { writeExport } from '../../auth/account/export/write-export.ts'
import { ANONYMOUS_PRINCIPAL } from '../../auth/principal.ts'
import { apiError } from '../../errors.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { FindClient } from '../client-address.ts'
import type { Exchange } from '../exchange.ts'
import type { Routes } from '../router.ts'

export interface AccountExportOptions {
  readonly acts: Pick<Acts, 'database' | 'vault' | 'clock'>
  readonly gateway: Pick<Gateway, 'assertAttemptsLeft'>
  readonly findClient: FindClient
}

/**
 * The files behind the links of `exportAccount`: the token stands in the path, so that a browser downloads it without any
 * script. It is worth nothing once the file has been sent as a whole; one that broke off may be asked for again.
 */
export function accountExportRoutes({ acts, gateway, findClient }: AccountExportOptions): Routes {
  /** Accounts whose file is on its way: one at a time, whoever has the link. */
  const running = new Set<string>()

  async function download(exchange: Exchange): Promise<void> {
    const { network: address } = findClient(exchange.request)
    gateway.assertAttemptsLeft({ principal: ANONYMOUS_PRINCIPAL, address })
    const format = formatOf(exchange)
    const link = await findExport(acts, exchange.path.slice(EXPORT_PATH.length))
    if (link === null) throw apiError('NOT_FOUND', { message: GONE })
    const { accountId } = link
    if (running.has(accountId)) throw apiError('CONCURRENCY_LIMITED', UNDER_WAY)
    running.add(accountId)
    try {
      const { database, vault, clock } = acts
      const now = clock()
      const options = { kysely: database.kysely, vault, accountId, format, now }
      const name = `maat-account-${now.toISOString().slice(0, 10)}.${format}`
      const isWhole = await exchange.stream(
        {
          'Content-Type': EXPORT_FORMATS[format].mediaType,
          'Content-Disposition': `attachment; filename="${name}"`,
        },
        writeExport(options),
      )
      if (isWhole) await endExport(acts, link)
    } finally {
      running.delete(accountId)
    }
  }

  return { [`${EXPORT_PATH}*`]: { GET: download } }
}

const GONE =
  'This link opens nothing: it was used, is too old, or there is a newer one. Ask for another with exportAccount.'
const UNDER_WAY = {
  message: 'This file is being sent already. Wait until that has ended, then try again.',
  extensions: { retryAfterSeconds: 5 },
}

/** @throws {ApiError} BAD_REQUEST */
function formatOf({ request: { url = '' } }: Exchange): ExportFormatName {
  const end = url.indexOf('?')
  const given = new URLSearchParams(end === -1 ? '' : url.slice(end)).get('format') ?? 'json'
  if (given === 'json' || given === 'yaml') return given
  throw apiError('BAD_REQUEST', { message: 'format is json or yaml.' })
}
