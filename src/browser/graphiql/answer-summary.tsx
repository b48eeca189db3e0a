import './answer-summary.css'
import { type ObservableValue, useObservableValue } from './observable-value.ts'
import type { Answer } from './post-operation.ts'

/** One line below the response: what there is to say about the last answer beyond its text. */
export function AnswerSummary({ answer }: { readonly answer: ObservableValue<Answer | null> }) {
  const last = useObservableValue(answer)
  if (last === null) return <p className="maat-answer">No answer yet</p>
  return (
    <p className="maat-answer">
      <span className={last.status < 400 ? 'maat-status' : 'maat-status refused'}>
        HTTP {last.status}
      </span>
      <span>{Math.round(last.durationMs)} ms</span>
      <span>{formatSize(last.sizeBytes)}</span>
      {last.requestId !== null && (
        <span className="maat-request-id" title="X-Request-Id: name it when you report a problem">
          {last.requestId}
        </span>
      )}
    </p>
  )
}

function formatSize(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`
}
