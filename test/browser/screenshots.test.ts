import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from './chromium.ts'
import { startDemoGateway } from './demo-gateway.ts'
import {
  answerOn,
  chargeOn,
  keyStatusOn,
  openVisit,
  pasteKey,
  priceOn,
  run,
  writeOperation,
} from './visit.ts'

const SIZES = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true },
} as const

const TOO_DEAR =
  '{ me { measurementSets(first: 100) { nodes { patterns(first: 100) { nodes { name } } } } } }'

const gateway = await startDemoGateway()
let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
}, 60_000)

afterAll(async () => {
  await browser?.close()
})

test.for([
  ['desk', 'light'],
  ['desk', 'dark'],
  ['phone', 'light'],
  ['phone', 'dark'],
] as const)('the page and its prices fit a %s in %s colours', async ([size, colorScheme]) => {
  const { page, context } = await openVisit(browser, gateway.url, { ...SIZES[size], colorScheme })
  await run(page, 'CuratedSets')
  await expect.poll(() => answerOn(page)).toContain('curatedSets')
  await expect.poll(() => priceOn(page)).toMatch(/^Price of CuratedSets: /)
  await page.screenshot({ path: `test/browser/screenshots/${size}-${colorScheme}-answer.png` })
  await pasteKey(page, gateway.demoKey)
  await expect.poll(() => keyStatusOn(page)).toContain('demo')
  await expect.poll(() => priceOn(page)).toMatch(/^Price of CuratedSets: /)
  await page.screenshot({ path: `test/browser/screenshots/${size}-${colorScheme}-key.png` })

  const hidden = await page.evaluate(
    `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
  )
  expect(hidden).toBe(0)
  for (const name of ['Use key', 'Forget key', /^Execute query/]) {
    await page.getByRole('button', { name }).click({ trial: true })
  }

  await page.getByRole('button', { name: 'Hide API key' }).click()
  await writeOperation(page, 'TooDear', TOO_DEAR)
  await expect.poll(() => priceOn(page)).toMatch(/^Price: \d+ points: ./)
  await run(page)
  await expect.poll(() => chargeOn(page)).toContain('COST_LIMIT_EXCEEDED')
  await page.screenshot({ path: `test/browser/screenshots/${size}-${colorScheme}-too-dear.png` })
  expect(await page.evaluate(CUT)).toEqual([])
  await context.close()
})

/** What of the lines about the price does not fit its place. */
const CUT = `[...document.querySelectorAll('.maat-price, .maat-answer [role="status"]')]
  .filter((line) => line.scrollWidth > line.clientWidth)
  .map((line) => line.textContent)`
