import { pointsInWords, type Words } from './in-words.ts'
import type { Price } from './price.ts'

/** The price of what is in the editor, and why it would be refused. An operation is named where the document holds several. */
export function priceInWords(price: Price, operationName: string | null): Words {
  const subject = operationName === null ? 'Price' : `Price of ${operationName}`
  if (price.kind === 'runs') {
    const short = `${subject}: ${pointsInWords(price.points)}`
    return { short, full: `${short} at most. A run is charged for what it really does.` }
  }
  const { points, refusal } = price
  const short =
    points === null
      ? `No price: ${refusal.message}`
      : `${subject}: ${pointsInWords(points)}. ${refusal.message}`
  return { short, full: `${short} (${refusal.code})` }
}
