import type { AskPrice } from './ask-price.ts'
import { createObservableValue, type ObservableValue } from './observable-value.ts'
import type { Draft, PriceQuestion } from './price-question.ts'
import type { Price } from './price.ts'

/** What is known about the price of the draft as it is now. */
export type KnownPrice =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'asking' }
  /** `oneOf` names the operation, where the document holds several; else null. */
  | { readonly kind: 'known'; readonly oneOf: string | null; readonly price: Price }

export interface PriceWatch {
  readonly known: ObservableValue<KnownPrice>
  /** Takes the draft as it is now; the same again changes nothing. */
  readonly look: (draft: Draft) => void
}

export interface PriceWatchParts {
  readonly questionOf: (draft: Draft) => PriceQuestion | null
  readonly ask: AskPrice
  /** Runs something once, so many milliseconds later, unless the signal aborts before. */
  readonly after: (delayMs: number, signal: AbortSignal, run: () => void) => void
}

/** A watch that asks for the price of each draft that comes to rest, and knows nothing from the moment it changes. */
export function createPriceWatch({ questionOf, ask, after }: PriceWatchParts): PriceWatch {
  const known = createObservableValue<KnownPrice>(NOTHING)
  const remembered = new Map<string, Price>()
  let current: Draft | null = null
  let change = new AbortController()

  function look(draft: Draft): void {
    if (current !== null && isSame(current, draft)) return
    // Another schema, other prices.
    if (current?.schema !== draft.schema) remembered.clear()
    current = draft
    change.abort()
    change = new AbortController()
    known.set(NOTHING)
    const { signal } = change
    after(QUIET_MS, signal, () => void find(draft, signal))
  }

  async function find(draft: Draft, signal: AbortSignal): Promise<void> {
    const question = questionOf(draft)
    if (question === null) return
    const id = JSON.stringify(question)
    const price = remembered.get(id) ?? (await fetchPrice(question, signal))
    if (signal.aborted) return
    show(question, price)
    // A refusal may pass without a change of the draft: it is not kept for when the same text comes back.
    if (price?.kind === 'runs') remember(id, price)
    if (price?.kind === 'refused') outlast(question, price, signal)
  }

  async function fetchPrice(question: PriceQuestion, signal: AbortSignal): Promise<Price | null> {
    known.set({ kind: 'asking' })
    // That the gateway is out of reach is for the next run to tell.
    return await ask(question, signal).catch(() => null)
  }

  function show({ oneOf }: PriceQuestion, price: Price | null): void {
    known.set(price === null ? NOTHING : { kind: 'known', oneOf, price })
  }

  function remember(id: string, price: Price): void {
    remembered.set(id, price)
    const [oldest] = remembered.keys()
    if (remembered.size > REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest)
  }

  /** Shows the price alone once the wait is over that a refusal asks for. */
  function outlast(
    question: PriceQuestion,
    { points, refusal }: RefusedPrice,
    signal: AbortSignal,
  ) {
    if (refusal.retryAfterSeconds === null) return
    const delayMs = Math.min(refusal.retryAfterSeconds * 1000, LONGEST_MS)
    after(delayMs, signal, () => show(question, points === null ? null : { kind: 'runs', points }))
  }

  return { known, look }
}

type RefusedPrice = Extract<Price, { kind: 'refused' }>

/** A draft is priced once it has not changed for this long. */
const QUIET_MS = 600
const REMEMBERED_MAX = 50
/** A timer of the browser holds no more. */
const LONGEST_MS = 2 ** 31 - 1
const NOTHING = { kind: 'nothing' } as const

function isSame(one: Draft, other: Draft): boolean {
  return (
    one.document === other.document &&
    one.variables === other.variables &&
    one.headers === other.headers &&
    one.operationName === other.operationName &&
    one.held === other.held &&
    one.schema === other.schema
  )
}
