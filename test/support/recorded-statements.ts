import type pg from 'pg'

/** One statement that was answered: its text, and how many rows it concerned. */
export interface Recorded {
  readonly text: string
  readonly rows: number | null
}

type Answered = (error: unknown, result?: { readonly rowCount: number | null }) => void

/** What is asked when it is time to: budgets, the use of credentials, and credentials that were not seen for five seconds. */
const IN_ITS_OWN_TIME =
  /\bquota_|\bgateway\b|\bcalls\b|_calls\b|digest = \$1|from session s join account/

/** Everything that connections are asked which the pool opens from now on, in order, but for what comes in its own time. */
export function recordStatements(pool: pg.Pool): Recorded[] {
  const recorded: Recorded[] = []
  const note = (asked: unknown, rows: number | null): void => {
    const text = textOf(asked)
    if (!IN_ITS_OWN_TIME.test(text)) recorded.push({ text, rows })
  }
  pool.on('connect', (client) => {
    // pg's overloads say less than what is done with them here: pass all of them on as they come.
    const query = client.query.bind(client) as (...parts: unknown[]) => unknown
    const recording = (...parts: unknown[]): unknown => {
      const [asked] = parts
      const last = parts.at(-1)
      if (typeof last === 'function') {
        const answered: Answered = (error, result) => {
          note(asked, result?.rowCount ?? null)
          last(error, result)
        }
        return query(...parts.slice(0, -1), answered)
      }
      const result = query(...parts)
      return result instanceof Promise
        ? result.then((come: { readonly rowCount: number | null }) => {
            note(asked, come.rowCount)
            return come
          })
        : result
    }
    Object.assign(client, { query: recording })
  })
  return recorded
}

function textOf(asked: unknown): string {
  if (typeof asked === 'string') return asked
  return typeof asked === 'object' && asked !== null ? String(Reflect.get(asked, 'text')) : ''
}
