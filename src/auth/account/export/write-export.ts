import { EXPORT_FORMATS, type ExportFormatName } from './export-format.ts'
import { type AccountReader, readAccount } from './read-account.ts'

const ABOUT =
  'Everything that is stored of this account. Lengths are millimetres, shoulderSlope is degrees. Secrets (passwords, API keys, tokens) are stored as digests alone, and are left out.'

export interface ExportOptions extends AccountReader {
  readonly format: ExportFormatName
  readonly now: Date
}

/** The text of an export, in parts as they are asked for: one page of rows is in memory at a time. */
export async function* writeExport({
  format,
  now,
  ...reader
}: ExportOptions): AsyncGenerator<string> {
  const { begin, end, one, open, item, close } = EXPORT_FORMATS[format]
  yield begin
  yield one('about', ABOUT)
  yield one('exportedAt', now.toISOString())
  for (const { name, count, items } of readAccount(reader)) {
    let written = 0
    if (count === 'many') yield open(name)
    for await (const value of items) {
      yield count === 'one' ? one(name, value) : item(value, written)
      written += 1
    }
    if (count === 'many') yield close(written)
    else if (written === 0) yield one(name, null)
  }
  yield end
}
