import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'

/** One person's look at the page, in a browser context of its own. */
export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** What must not happen: a request to another origin, a console error, a violation of the policy. */
  readonly troubles: string[]
}

/** The page, opened, with its editor ready. */
export async function openVisit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const visit = { page, context, troubles: watch(page, new URL(url).origin) }
  await page.goto(url)
  await editorOf(page).waitFor()
  return visit
}

function watch(page: Page, origin: string): string[] {
  const troubles: string[] = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin !== origin && url.protocol !== 'data:') troubles.push(`request to ${url.href}`)
  })
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text())
  })
  page.on('pageerror', (error) => troubles.push(String(error)))
  return troubles
}

export function editorOf(page: Page) {
  return page.locator('.graphiql-query-editor .view-lines')
}

/** Replaces what is in the editor by this operation, and waits until GraphiQL has read it. */
export async function writeOperation(page: Page, name: string, selection: string): Promise<void> {
  await editorOf(page).click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(`query ${name} ${selection}`)
  await page.getByRole('tab', { name }).waitFor()
}

/** Runs the only operation of the document, or the named one. */
export async function run(page: Page, operationName?: string): Promise<void> {
  await page.getByRole('button', { name: /^Execute query/ }).click()
  if (operationName !== undefined) await page.getByRole('menuitem', { name: operationName }).click()
}

/** The text of the answer as it shows now, white space collapsed. Poll it. */
export async function answerOn(page: Page): Promise<string> {
  const lines = await page.locator('.result-window .view-lines').innerText()
  return lines.replaceAll(/[\s\u00A0]+/g, ' ')
}

/** Opens the key tab and pastes the key into it, as a person does. */
export async function pasteKey(page: Page, key: string): Promise<void> {
  await showPlugin(page, 'API key')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(key)})`)
  await page.getByLabel('Key', { exact: true }).focus()
  await page.keyboard.press('ControlOrMeta+V')
}

export async function showPlugin(page: Page, title: string): Promise<void> {
  const button = page.getByRole('button', { name: `Show ${title}`, exact: true })
  await button.click()
}

/** What the key tab says about the key now. Poll it. */
export function keyStatusOn(page: Page): Promise<string> {
  return page.getByRole('region', { name: 'API key' }).getByRole('status').innerText()
}

/** What the line below the document says now, digits together. Poll it. */
export async function priceOn(page: Page): Promise<string> {
  return await shortWords(page, '.maat-price')
}

/** What the line below the answer says about its cost now, digits together. Poll it. */
export async function chargeOn(page: Page): Promise<string> {
  return await shortWords(page, '.maat-answer [role="status"]')
}

async function shortWords(page: Page, line: string): Promise<string> {
  const words = await page.evaluate(`(() => {
    const line = document.querySelector('${line}').cloneNode(true)
    for (const spoken of line.querySelectorAll('.maat-spoken')) spoken.remove()
    return [...line.childNodes].map((part) => part.textContent).join(' ')
  })()`)
  return String(words).replaceAll('\u202F', '')
}
