import type { Findings } from './findings.ts'

/** The value of a JSON text; undefined where it is none, which the findings tell with the place. */
export function parseJson(text: string, { refuse }: Findings): unknown {
  try {
    return JSON.parse(text.replace(BYTE_ORDER_MARK, ''))
  } catch (error) {
    const [line, column] = placeIn(error)
    // What the engine says quotes the text.
    refuse(null, undefined, () =>
      line === undefined
        ? 'The text is not JSON.'
        : `The text is not JSON: it breaks off at line ${line}, column ${column}.`,
    )
    return undefined
  }
}

/** Editors on Windows write one in front. */
const BYTE_ORDER_MARK = /^\uFEFF/

function placeIn(error: unknown): readonly (string | undefined)[] {
  return error instanceof Error
    ? (/\(line (\d+) column (\d+)\)$/.exec(error.message)?.slice(1) ?? [])
    : []
}
