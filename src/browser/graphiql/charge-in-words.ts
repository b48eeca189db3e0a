import type { Cost } from './cost.ts'
import { numberInWords, pointsInWords, waitInWords, type Words } from './in-words.ts'
import type { Refusal } from './refusal.ts'

/** What a run was charged and what is left; of a refused one, what it would have cost at most. */
export function chargeInWords(cost: Cost, refusal: Refusal | null): Words {
  const charge = refusal === null ? chargeOfRun(cost) : chargeOfRefused(cost)
  const wait = refusal?.retryAfterSeconds ?? null
  const again = wait === null ? null : `again in ${waitInWords(wait)}`
  return {
    short: join(' · ', [charge.short, left(cost), again, measured(cost)]),
    full: join('; ', [charge.full, leftInFull(cost), again, measured(cost)]),
  }
}

function chargeOfRun({ estimated, actual }: Cost): Words {
  const charged = pointsInWords(actual)
  if (estimated === null) return { short: charged, full: `${charged} charged for what it did` }
  return {
    short: `${charged} of ${numberInWords(estimated)} estimated`,
    full: `${pointsInWords(estimated)} estimated before it ran; ${charged} charged for what it did`,
  }
}

function chargeOfRefused({ estimated, actual }: Cost) {
  const charged = `${pointsInWords(actual)} charged`
  if (estimated === null) return { short: null, full: charged }
  const price = `${pointsInWords(estimated)} estimated`
  return { short: price, full: `${price}; ${charged}` }
}

function left({ remaining }: Cost): string | null {
  return remaining === null ? null : `${numberInWords(remaining)} left`
}

function leftInFull({ remaining, resetSeconds }: Cost): string | null {
  if (remaining === null) return null
  const words = `${pointsInWords(remaining)} left in the smallest budget`
  if (resetSeconds === null || resetSeconds === 0) return words
  return `${words}, full again in ${waitInWords(resetSeconds)}`
}

function measured({ wouldRefuse }: Cost): string | null {
  return wouldRefuse === null ? null : `would be refused: ${wouldRefuse}`
}

function join(separator: string, parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(separator)
}
