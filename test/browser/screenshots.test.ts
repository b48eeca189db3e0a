import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from './chromium.ts'
import { startDemoGateway } from './demo-gateway.ts'
import { answerOn, keyStatusOn, openVisit, pasteKey, run } from './visit.ts'

const SIZES = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true },
} as const

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
] as const)('the page fits a %s in %s colours', async ([size, colorScheme]) => {
  const { page, context } = await openVisit(browser, gateway.url, { ...SIZES[size], colorScheme })
  await run(page, 'CuratedSets')
  await expect.poll(() => answerOn(page)).toContain('curatedSets')
  await page.screenshot({ path: `test/browser/screenshots/${size}-${colorScheme}-answer.png` })
  await pasteKey(page, gateway.demoKey)
  await expect.poll(() => keyStatusOn(page)).toContain('demo')
  await page.screenshot({ path: `test/browser/screenshots/${size}-${colorScheme}-key.png` })

  const hidden = await page.evaluate(
    `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
  )
  expect(hidden).toBe(0)
  for (const name of ['Use key', 'Forget key', /^Execute query/]) {
    await page.getByRole('button', { name }).click({ trial: true })
  }
  await context.close()
})
