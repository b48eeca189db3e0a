import type { Page } from 'playwright-core'

import { editorOf } from './visit.ts'

/** Loads the page anew, with a clock in which no timer of half a second or more ends by itself. */
export async function holdTimers(page: Page): Promise<void> {
  await page.addInitScript(HOLD)
  await page.reload()
  await editorOf(page).waitFor()
}

/** Ends the timers that are held now, as if nobody had touched the page for long enough. */
export async function letRest(page: Page): Promise<void> {
  await page.evaluate('endHeldTimers()')
}

const HOLD = `
  const { setTimeout: start, clearTimeout: clear } = window
  const held = new Map()
  window.setTimeout = (run, delayMs, ...values) => {
    if (!(delayMs >= 500)) return start(run, delayMs, ...values)
    const id = start(() => {}, 0)
    held.set(id, () => run(...values))
    return id
  }
  window.clearTimeout = (id) => {
    held.delete(id)
    clear(id)
  }
  window.endHeldTimers = () => {
    const ended = [...held.values()]
    held.clear()
    for (const run of ended) run()
  }
`
