import type { Words } from './in-words.ts'
import './said-twice.css'

/** Shows the short words, with the full ones in a tooltip; who listens hears the full ones alone. */
export function SaidTwice({ short, full }: Words) {
  return (
    <>
      <span aria-hidden="true" title={full}>
        {short}
      </span>
      <span className="maat-spoken">{full}</span>
    </>
  )
}
