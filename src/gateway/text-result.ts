import type { ExecutionResult } from 'graphql'

/** A result whose data is JSON text already: printed around, never parsed. */
export interface TextResult extends ExecutionResult {
  readonly text: string
  /** Yoga prints a result with this function of its own, where it has one. */
  readonly stringify: (result: TextResult) => string
}

export function textResult(text: string): TextResult {
  return { text, stringify: printResult }
}

/** The JSON text of the whole answer. */
export function printResult({ text, extensions }: TextResult): string {
  if (extensions === undefined) return `{"data":${text}}`
  return `{"data":${text},"extensions":${JSON.stringify(extensions)}}`
}
