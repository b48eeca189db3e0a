import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from './chromium.ts'
import { startDemoGateway } from './demo-gateway.ts'
import { holdTimers, letRest } from './held-timers.ts'
import { costIn, documentIn, isPriceQuestion, isRun, pricing, record } from './requests.ts'
import {
  chargeOn,
  keyStatusOn,
  openVisit,
  pasteKey,
  priceOn,
  run,
  type Visit,
  writeOperation,
} from './visit.ts'

const ONE_SET = '{ curatedSets(first: 1) { nodes { name } } }'
const TOO_DEAR = '{ curatedSets(first: 100) { nodes { name tags measurements } } }'

const PRICE = /^Price: \d+ points$/

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

test('the price shows before a run, and nothing has run', () =>
  visiting(async ({ page }) => {
    const runs = record(page, isRun)
    const { cost } = await pricing(page, 'OneSet', () => writeOperation(page, 'OneSet', ONE_SET))
    expect(cost).toMatchObject({ actual: 0, verdict: 'RUN' })
    await expect.poll(() => priceOn(page)).toBe(`Price: ${cost.estimated} points`)
    expect(runs).toEqual([])
  }))

test('a run shows what it was estimated, what it was charged, and what is left', () =>
  visiting(async ({ page }) => {
    await writeOperation(page, 'OneSet', ONE_SET)
    const answered = page.waitForResponse((response) => isRun(response.request()))
    await run(page)
    const { estimated, actual, remaining } = costIn(await (await answered).json())
    await expect.poll(() => chargeOn(page)).toMatch(/^\d+ points? of \d+ estimated · \d+ left$/)
    const shown = (await chargeOn(page)).match(/\d+/g)
    expect(shown).toEqual([actual, estimated, remaining].map(String))
  }))

test('of several operations the selected one is priced, with the key of the tab', () =>
  visiting(async ({ page }) => {
    await expect.poll(() => priceOn(page)).toMatch(/^Price of CuratedSets: \d+ points$/)
    await pasteKey(page, gateway.demoKey)
    await expect.poll(() => keyStatusOn(page)).toContain('demo')
    const { request } = await pricing(page, '"operationName":"MyMeasurementSets"', () =>
      run(page, 'MyMeasurementSets'),
    )
    expect(await request.headerValue('authorization')).toBe(`Bearer ${gateway.demoKey}`)
    await expect.poll(() => priceOn(page)).toMatch(/^Price of MyMeasurementSets: \d+ points$/)
  }))

test('other variables have another price', () =>
  visiting(async ({ page }) => {
    await writeOperation(
      page,
      'Sets',
      '($first: Int) { curatedSets(first: $first) { nodes { name } } }',
    )
    await expect.poll(() => priceOn(page)).toMatch(PRICE)
    const price = await priceOn(page)
    const { cost } = await pricing(page, '"first":2', () => writeVariables(page, '{ "first": 2 }'))
    await expect.poll(() => priceOn(page)).toBe(`Price: ${cost.estimated} points`)
    expect(await priceOn(page)).not.toBe(price)
  }))

test('writing takes the old price away at once and asks for the new one once, when it rests', () =>
  visiting(async ({ page }) => {
    await holdTimers(page)
    await writeOperation(page, 'OneSet', ONE_SET)
    await expect.poll(() => restingPriceOn(page)).toMatch(PRICE)

    const questions = record(page, isPriceQuestion)
    await page.keyboard.type(' # ')
    await expect.poll(() => priceOn(page)).toBe('')
    await page.keyboard.type('twenty characters more')
    await expect.poll(() => restingPriceOn(page)).toMatch(PRICE)
    expect(questions.map(documentIn)).toEqual([`query OneSet ${ONE_SET} # twenty characters more`])
  }))

test('a document that does not parse, or does not fit the schema, asks nothing', () =>
  visiting(async ({ page }) => {
    await holdTimers(page)
    await expect.poll(() => restingPriceOn(page)).toMatch(/^Price of CuratedSets: /)

    const questions = record(page, isPriceQuestion)
    for (const [name, selection] of [
      ['Unfinished', '{ curatedSets(first: '],
      ['Unknown', '{ curatedSet }'],
      ['OneSet', ONE_SET],
    ] as const) {
      await writeOperation(page, name, selection)
      await letRest(page)
    }
    await expect.poll(() => restingPriceOn(page)).toMatch(PRICE)
    expect(questions.map(documentIn)).toEqual([`query OneSet ${ONE_SET}`])
  }))

test('a document that is too dear shows its price and why it would not run', () =>
  visiting(async ({ page, troubles }) => {
    const { cost, refusal } = await pricing(page, 'TooDear', () =>
      writeOperation(page, 'TooDear', TOO_DEAR),
    )
    expect(cost.verdict).toBe('COST_LIMIT_EXCEEDED')
    await expect
      .poll(() => priceOn(page))
      .toBe(`Price: ${cost.estimated} points: more than one operation may cost (${refusal.limit})`)

    await run(page)
    await expect
      .poll(() => chargeOn(page))
      .toMatch(`COST_LIMIT_EXCEEDED ${cost.estimated} points estimated`)
    // The browser itself notes an answer with status 422 as an error.
    expect(troubles.splice(0)).toEqual([expect.stringContaining('422')])
  }))

test('a price moves nothing on the page', () =>
  visiting(async ({ page }) => {
    await holdTimers(page)
    await writeOperation(page, 'TooDear', TOO_DEAR)
    const before = await placesOn(page)
    await expect.poll(() => restingPriceOn(page)).toMatch(/^Price: /)
    expect(await placesOn(page)).toEqual(before)
  }))

async function restingPriceOn(page: Page): Promise<string> {
  await letRest(page)
  return await priceOn(page)
}

async function writeVariables(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Variables', exact: true }).click()
  await page.getByRole('region', { name: 'Variables' }).locator('.view-lines').first().click()
  await page.keyboard.insertText(text)
}

/** Where the parts around the price line lie. */
function placesOn(page: Page): Promise<unknown> {
  return page.evaluate(`[
    '.graphiql-query-editor .monaco-editor',
    '.graphiql-toolbar',
    '.graphiql-editor-tools',
    '.graphiql-response',
  ].map((part) => JSON.stringify(document.querySelector(part).getBoundingClientRect()))`)
}
