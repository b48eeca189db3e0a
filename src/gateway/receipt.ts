import type { SessionCookies } from '../auth/act.ts'
import type { ChargedPath } from '../cost/explain.ts'
import type { ApiError, ErrorCode } from '../errors.ts'
import type { BudgetLevel, Reservation } from '../quota/quota.ts'
import { fewestLeft, rateLimitFields } from '../quota/rate-limit-fields.ts'
import type { Answer } from './answer.ts'

/** What a client asks to be told of the cost: nothing beyond the totals, each field too, or the price alone. */
export type CostMode = 'totals' | 'report' | 'validate'

/** What a request costs, filled in on its way and told with its answer. Points. */
export interface Receipt {
  /** null before there is a price. */
  estimated: number | null
  actual: number
  refunded: number
  /** What paid for it, and how much, to be settled once that is written down; null where nothing did. */
  paid: { readonly by: Reservation; readonly points: number } | null
  /**
   * Name of the operation in its document, '' where it has none or was refused before, and that document's SHA-256 in
   * base64url; null before both are known, and for good where no document was read.
   */
  operation: { readonly name: string; readonly document: string } | null
  /** Objects that its statements answered. */
  rows: number
  /** What its statements took, in microseconds. */
  databaseUs: number
  /** Whether the client holds the answer already, so that nothing is sent. */
  isHeld: boolean
  /** Whether anything was reserved: a refusal from then on is no attempt any more. */
  isPaidFor: boolean
  /** Whether the control budget may pay: then nothing is drawn from the attempts. */
  isControl: boolean
  /** The budgets that count for this client; empty where nothing is known of them. */
  levels: () => readonly BudgetLevel[]
  /** In measure mode: what would have been the refusal. */
  wouldRefuse: ErrorCode | null
  /** Under `GraphQL-Cost: validate`: whether the operation would run, and the refusal where it would not. */
  verdict: { readonly code: 'RUN' } | ApiError | null
  /** Under `GraphQL-Cost: report`. */
  fields: readonly ChargedPath[] | null
  /** The JSON text of what is in force against the account, as its owner is told; null: nothing is. */
  notice: string | null
  /** Cookies of a session that the answer sets, or null: clears; undefined: it leaves them alone. */
  cookies: SessionCookies | null | undefined
}

/** The receipt of a request that has not been priced yet, and what is known of its budgets by then. */
export function createReceipt(levels: () => readonly BudgetLevel[]): Receipt {
  return {
    estimated: null,
    actual: 0,
    refunded: 0,
    paid: null,
    operation: null,
    rows: 0,
    databaseUs: 0,
    isHeld: false,
    isPaidFor: false,
    isControl: false,
    levels,
    wouldRefuse: null,
    verdict: null,
    fields: null,
    notice: null,
    cookies: undefined,
  }
}

/** The answer with the cost in its extensions and the budgets in its headers. The body is a JSON object without extensions. */
export function withReceipt(answer: Answer, receipt: Receipt): Answer {
  const levels = receipt.levels()
  return {
    ...answer,
    headers: { ...answer.headers, ...rateLimitFields(levels, modeOf(levels)) },
    cookies: receipt.cookies,
    body: `${answer.body.slice(0, -1)},"extensions":${extensionsOf(receipt, levels)}}`,
  }
}

/** An allowance stands in for all budgets while their store is away, and only then. */
function modeOf(levels: readonly BudgetLevel[]): 'normal' | 'emergency' {
  return levels.some(({ partition }) => partition === 'emergency') ? 'emergency' : 'normal'
}

/** Printed by hand: this is on the way of every answer, and all of it is numbers and codes. */
function extensionsOf(receipt: Receipt, levels: readonly BudgetLevel[]): string {
  const { estimated, actual, refunded, wouldRefuse, verdict, fields } = receipt
  const scarcest = fewestLeft(levels)
  const remaining = scarcest === null ? null : Math.floor(scarcest.remaining)
  const resetSeconds = scarcest === null ? null : Math.ceil(scarcest.resetMs / 1000)
  let cost = `"estimated":${estimated},"actual":${actual},"refunded":${refunded},"remaining":${remaining},"resetSeconds":${resetSeconds}`
  if (wouldRefuse !== null) cost += `,"wouldRefuse":"${wouldRefuse}"`
  if (verdict !== null) cost += `,"verdict":"${verdict.code}"`
  if (fields !== null) cost += `,"fields":${JSON.stringify(fields)}`
  const notice = receipt.notice === null ? '' : `,"notice":${receipt.notice}`
  if (verdict === null || verdict.code === 'RUN') return `{"cost":{${cost}}${notice}}`
  return `{"cost":{${cost}}${notice},"refusal":${JSON.stringify(refusalOf(verdict))}}`
}

function refusalOf({ message, extensions }: ApiError): object {
  return { message, ...extensions }
}
