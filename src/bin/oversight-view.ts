import { setTimeout as delay } from 'node:timers/promises'

import type { OpenDatabase } from '../database/open.ts'
import { printOverview } from '../oversight/reports/print-overview.ts'
import { readOverview } from '../oversight/reports/read-overview.ts'

const EVERY_MS = 3000
const DAYS = 30
const COLUMNS = 80

/** Shows who uses what, anew every three seconds until `q` or Ctrl-C; once where nobody watches a terminal. */
export async function viewOversight(
  { kysely }: OpenDatabase,
  { stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>,
  isOnce: boolean,
): Promise<void> {
  if (isOnce || !stdout.isTTY) {
    const lines = printOverview(await readOverview(kysely, DAYS), COLUMNS)
    stdout.write(`${lines.join('\n')}\n`)
    return
  }
  const end = new AbortController()
  if (stdin.isTTY) stdin.setRawMode(true)
  stdin.on('data', (keys: Buffer) => {
    // q, Ctrl-C, Ctrl-D.
    if (['q', '\u0003', '\u0004'].includes(keys.toString())) end.abort()
  })
  // The terminal's other screen, and back to what stood there before.
  stdout.write('\u001B[?1049h')
  try {
    while (!end.signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const lines = printOverview(await readOverview(kysely, DAYS), stdout.columns)
      stdout.write(`\u001B[H\u001B[2J${lines.slice(0, stdout.rows - 2).join('\n')}\n\nq: quit\n`)
      // oxlint-disable-next-line no-await-in-loop
      await delay(EVERY_MS, undefined, { signal: end.signal }).catch(() => {})
    }
  } finally {
    stdout.write('\u001B[?1049l')
    if (stdin.isTTY) stdin.setRawMode(false)
    stdin.pause()
  }
}
