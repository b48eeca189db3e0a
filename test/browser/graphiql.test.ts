import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from './chromium.ts'
import { startDemoGateway } from './demo-gateway.ts'
import { isRun, record } from './requests.ts'
import {
  answerOn,
  editorOf,
  keyStatusOn,
  openVisit,
  pasteKey,
  run,
  showPlugin,
  type Visit,
  writeOperation,
} from './visit.ts'

const WRONG_KEY = `maat_sk_${'0'.repeat(38)}`

const gateway = await startDemoGateway()
let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
}, 60_000)

afterAll(async () => {
  await browser?.close()
})

/** Runs the test on an open page, which must have gone without trouble at its end. */
async function visiting(look: (visit: Visit) => Promise<void>): Promise<void> {
  const visit = await openVisit(browser, gateway.url)
  await look(visit)
  expect(visit.troubles).toEqual([])
  await visit.context.close()
}

test('the page and its documentation load from the gateway alone', () =>
  visiting(async ({ page }) => {
    await showPlugin(page, 'Documentation Explorer')
    await page.getByRole('link', { name: 'CuratedSet', exact: true }).waitFor()
    expect(await page.title()).toBe('Maat')
  }))

test('to open the page, and to open it again, costs nothing', () =>
  visiting(async ({ page }) => {
    const runs = record(page, isRun)
    for (let visits = 0; visits < 10; visits += 1) await page.reload()
    await showPlugin(page, 'Documentation Explorer')
    await page.getByRole('link', { name: 'CuratedSet', exact: true }).waitFor()
    expect(runs).toEqual([])
  }))

test('the policy of the page forbids any other host', () =>
  visiting(async ({ page, troubles }) => {
    const outcome = await page.evaluate(
      `fetch('https://other.example/').then(() => 'reached', () => 'blocked')`,
    )
    expect(outcome).toBe('blocked')
    expect(troubles.splice(0).join()).toContain('Content Security Policy')
  }))

test('assets travel compressed, and once', () =>
  visiting(async ({ page }) => {
    // Some come later than the editor: whatever a reload cuts off is asked for again.
    await page.waitForLoadState('networkidle')
    const loaded = await page.evaluate(RESOURCES)
    expect(loaded).toSatisfy(all(({ compressed }) => compressed))

    await page.reload()
    await editorOf(page).waitFor()
    const again = await page.evaluate(RESOURCES)
    expect(again).toSatisfy(all(({ transferred }) => transferred === 0))
  }))

test('a public query answers without a key', () =>
  visiting(async ({ page }) => {
    await run(page, 'CuratedSets')
    await expect.poll(() => answerOn(page)).toContain('"data": { "curatedSets": { "nodes": [ {')
  }))

test('a pasted key names its owner and goes with every request, a cookie never', () =>
  visiting(async ({ page, context }) => {
    await context.addCookies([{ name: 'session', value: 'x', url: gateway.url }])
    await pasteKey(page, gateway.demoKey)
    await expect.poll(() => keyStatusOn(page)).toBe('You are demo, with the role user.')

    await writeOperation(page, 'WhoAmI', '{ me { username } }')
    const sent = page.waitForRequest(isRun)
    await run(page)
    await expect.poll(() => answerOn(page)).toContain('"username": "demo"')
    const headers = await (await sent).allHeaders()
    expect(headers['authorization']).toBe(`Bearer ${gateway.demoKey}`)
    expect(headers).not.toHaveProperty('cookie')
  }))

test('with a key, the default document shows own measurement sets', () =>
  visiting(async ({ page }) => {
    await pasteKey(page, gateway.demoKey)
    await run(page, 'MyMeasurementSets')
    await expect
      .poll(() => answerOn(page))
      .toMatch(/"measurementSets": \{ "totalCount": \d+, "nodes": \[ \{/)
  }))

test("a wrong key shows the gateway's refusal in words and its code", () =>
  visiting(async ({ page, troubles }) => {
    await pasteKey(page, WRONG_KEY)
    await expect.poll(() => keyStatusOn(page)).toMatch(/refused.*UNAUTHENTICATED/s)
    await run(page, 'CuratedSets')
    await expect.poll(() => answerOn(page)).toContain('"code": "UNAUTHENTICATED"')
    // The browser itself notes an answer with status 401 as an error.
    expect(troubles.splice(0)).toEqual([
      expect.stringContaining('401'),
      expect.stringContaining('401'),
    ])
  }))

test('the key outlives a reload of the tab and nothing else', () =>
  visiting(async ({ page, context }) => {
    await pasteKey(page, gateway.demoKey)
    await page.reload()
    await expect.poll(() => keyStatusOn(page)).toContain('demo')
    expect(page.url()).toBe(gateway.url)
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(gateway.demoKey)

    const otherTab = await context.newPage()
    await otherTab.goto(gateway.url)
    await expect.poll(() => keyStatusOn(otherTab)).toContain('Without a key')
  }))

test('a forgotten key is gone at once', () =>
  visiting(async ({ page }) => {
    await pasteKey(page, gateway.demoKey)
    await page.getByRole('button', { name: 'Forget key' }).click()
    await expect.poll(() => keyStatusOn(page)).toContain('Without a key')
    expect(await page.evaluate('sessionStorage.length')).toBe(0)
  }))

test('a key is masked until it is asked for', () =>
  visiting(async ({ page }) => {
    await pasteKey(page, gateway.demoKey)
    const field = page.getByLabel('Key', { exact: true })
    expect(await field.getAttribute('type')).toBe('password')
    await page.getByRole('button', { name: 'Show key' }).click()
    expect(await field.getAttribute('type')).toBe('text')
  }))

interface Resource {
  readonly compressed: boolean
  readonly transferred: number
}

const RESOURCES = `performance.getEntriesByType('resource')
  .filter(({ name }) => /\\/assets\\/.*\\.(js|css)$/.test(name))
  .map((entry) => ({
    compressed: entry.encodedBodySize < entry.decodedBodySize,
    transferred: entry.transferSize,
  }))`

function all(holds: (resource: Resource) => boolean) {
  return (found: unknown) => Array.isArray(found) && found.length > 3 && found.every(holds)
}
