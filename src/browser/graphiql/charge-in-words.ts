import type { Cost } from './cost.ts'
import { numberInWords, pointsInWords, waitInWords, type Words } from './in-words.ts'

/** What a run was charged and what is left; of a refused one, what it would have cost at most. */
export function chargeInWords(cost: Cost, outcome: 'executed' | 'refused'): Words {
  return {
    short: join(' · ', [CHARGES[outcome](cost), left(cost), measured(cost)]),
    full: join('; ', [
      cost.estimated === null ? null : `${pointsInWords(cost.estimated)} estimated before it ran`,
      `${pointsInWords(cost.actual)} charged${outcome === 'executed' ? ' for what it did' : ''}`,
      leftInFull(cost),
      measured(cost),
    ]),
  }
}

const CHARGES = {
  executed: ({ estimated, actual }) =>
    estimated === null
      ? pointsInWords(actual)
      : `${pointsInWords(actual)} of ${numberInWords(estimated)} estimated`,
  refused: ({ estimated }) => (estimated === null ? null : `${pointsInWords(estimated)} estimated`),
} as const satisfies Record<string, (cost: Cost) => string | null>

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
