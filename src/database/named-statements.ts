import pg from 'pg'

/** How many texts a connection remembers as used once, and how many it keeps prepared. */
const REMEMBERED = 256

/**
 * A client that prepares a statement under a name from its second use on, so that PostgreSQL parses and plans it once a
 * connection. The name unused for longest is closed on the server when a new one needs its room; texts that come only
 * once never push a name out.
 */
export class NamedStatementsClient extends pg.Client {
  readonly #once = new Set<string>()
  readonly #names = new Map<string, string>()
  #count = 0

  // pg overloads `query` seven ways. Those that carry a text get a name, every other passes through.
  // oxlint-disable-next-line typescript/no-explicit-any -- must stay assignable to all seven
  override query(first: any, values?: any, callback?: any): any {
    if (typeof first === 'string') {
      // Without values a text may hold several statements (migrations do): only the simple protocol takes those.
      if (!Array.isArray(values) || values.length === 0) return super.query(first, values, callback)
      return super.query({ text: first, values, name: this.#name(first) }, callback)
    }
    const named = typeof first.submit === 'function' || first.name !== undefined
    if (named) return super.query(first, values, callback)
    return super.query({ ...first, name: this.#name(first.text) }, values, callback)
  }

  #name(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known !== undefined) {
      this.#names.delete(text)
      this.#names.set(text, known)
      return known
    }
    if (!this.#once.delete(text)) {
      this.#once.add(text)
      if (this.#once.size > REMEMBERED) this.#once.delete(oldest(this.#once))
      return undefined
    }
    this.#count += 1
    const name = `maat_${this.#count}`
    this.#names.set(text, name)
    if (this.#names.size > REMEMBERED) this.#close(oldest(this.#names))
    return name
  }

  /** Its message travels ahead of the next statement, and its answer comes back with that one's. */
  #close(text: string): void {
    const name = this.#names.get(text) ?? ''
    this.#names.delete(text)
    // pg's types leave `connection` out; it is the documented way to send single messages.
    const { connection } = this as unknown as { connection: Connection }
    connection.close({ type: 'S', name })
    delete connection.parsedStatements[name]
  }
}

interface Connection {
  readonly parsedStatements: Record<string, string>
  close(statement: { readonly type: 'S'; readonly name: string }): void
}

function oldest(entries: { keys(): Iterator<string> }): string {
  return entries.keys().next().value ?? ''
}
