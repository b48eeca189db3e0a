import type { Cost } from './cost.ts'
import { numberInWords, pointsInWords, waitInWords, type Words } from './in-words.ts'

/** What a run was charged and what is left; of a refused one, what it would have cost at most. */
export function chargeInWords(cost: Cost, outcome: 'executed' | 'refused'): Words {
  const charge = CHARGES[outcome](cost)
  return {
    short: join(' · ', [charge.short, left(cost), measured(cost)]),
    full: join('; ', [charge.full, leftInFull(cost), measured(cost)]),
  }
}

const CHARGES = {
  executed: ({ estimated, actual }) => {
    const charged = pointsInWords(actual)
    if (estimated === null) return { short: charged, full: `${charged} charged for what it did` }
    return {
      short: `${charged} of ${numberInWords(estimated)} estimated`,
      full: `${pointsInWords(estimated)} estimated before it ran; ${charged} charged for what it did`,
    }
  },
  refused: ({ estimated, actual }) => {
    const charged = `${pointsInWords(actual)} charged`
    if (estimated === null) return { short: null, full: charged }
    const price = `${pointsInWords(estimated)} estimated`
    return { short: price, full: `${price}; ${charged}` }
  },
} as const satisfies Record<string, (cost: Cost) => { short: string | null; full: string }>

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
