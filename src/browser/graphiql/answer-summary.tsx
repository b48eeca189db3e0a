import './answer-summary.css'
import { chargeInWords } from './charge-in-words.ts'
import { readCost } from './cost.ts'
import { type ObservableValue, useObservableValue } from './observable-value.ts'
import type { Answer } from './post-operation.ts'
import { readRefusal } from './refusal.ts'
import { SaidTwice } from './said-twice.tsx'

/** Two lines below the response: what the last answer cost, and how it came. */
export function AnswerSummary({ answer }: { readonly answer: ObservableValue<Answer | null> }) {
  const last = useObservableValue(answer)
  return (
    <div className="maat-answer">
      <p role="status">{last === null ? 'No answer yet' : <Charge answer={last} />}</p>
      <p>{last !== null && <Transport answer={last} />}</p>
    </div>
  )
}

function Charge({ answer: { result } }: { readonly answer: Answer }) {
  const refusal = readRefusal(result)
  const cost = readCost(result)
  const words = cost && chargeInWords(cost, refusal)
  return (
    <>
      {refusal !== null && <span className="maat-status refused">{refusal.code}</span>}
      {words !== null && (
        <span className="maat-charge">
          <SaidTwice {...words} />
        </span>
      )}
    </>
  )
}

function Transport({ answer }: { readonly answer: Answer }) {
  return (
    <>
      <span className={answer.status < 400 ? 'maat-status' : 'maat-status refused'}>
        HTTP {answer.status}
      </span>
      <span>{Math.round(answer.durationMs)} ms</span>
      <span>{formatSize(answer.sizeBytes)}</span>
      {answer.requestId !== null && (
        <span className="maat-request-id" title="X-Request-Id: name it when you report a problem">
          {answer.requestId}
        </span>
      )}
    </>
  )
}

function formatSize(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`
}
