import { pointsInWords, type Words } from './in-words.ts'
import type { Price } from './price.ts'
import { adviceInWords, reasonInWords } from './reason-in-words.ts'

/** The price of what is in the editor, and why it would be refused. An operation is named where the document holds several. */
export function priceInWords(price: Price, operationName: string | null): Words {
  const subject = operationName === null ? 'Price' : `Price of ${operationName}`
  if (price.kind === 'runs') {
    const short = `${subject}: ${pointsInWords(price.points)}`
    return { short, full: `${short} at most. A run is charged for what it really does.` }
  }
  const { points, refusal } = price
  if (points === null) {
    const short = `No price: ${refusal.message}`
    return { short, full: `${short} (${refusal.code})` }
  }
  const worth = `${subject}: ${pointsInWords(points)}`
  const advice = adviceInWords(refusal)
  return {
    short: `${worth}: ${reasonInWords(refusal)}`,
    full: `${worth}. ${refusal.message} ${advice === null ? '' : `${advice} `}(${refusal.code})`,
  }
}
