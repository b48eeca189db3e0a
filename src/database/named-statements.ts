import pg from 'pg'

/**
 * What a connection remembers of texts that came once, and as much again of those it keeps prepared: so many, of so many
 * characters together. PostgreSQL keeps a multiple of that for each connection.
 */
const REMEMBERED = { texts: 256, characters: 512 * 1024 } as const

/** A longer text would push out too many others: it is never prepared. */
const TEXT_CHARACTERS_MAX = REMEMBERED.characters / 8

/**
 * A client that prepares a statement under a name from its second use on, so that PostgreSQL parses and plans it once a
 * connection. The name unused for longest is closed on the server when a new one needs its room; texts that come only
 * once never push a name out.
 */
export class NamedStatementsClient extends pg.Client {
  readonly #once = new RecentTexts()
  readonly #prepared = new RecentTexts()
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
    if (text.length > TEXT_CHARACTERS_MAX) return undefined
    const known = this.#prepared.take(text)
    if (known === undefined && this.#once.take(text) === undefined) {
      this.#once.put(text, '')
      return undefined
    }
    this.#count += known === undefined ? 1 : 0
    const name = known ?? `maat_${this.#count}`
    for (const unused of this.#prepared.put(text, name)) this.#close(unused)
    return name
  }

  /** Its message travels ahead of the next statement, and its answer comes back with that one's. */
  #close(name: string): void {
    // pg's types leave `connection` out; it is the documented way to send single messages.
    const { connection } = this as unknown as { connection: Connection }
    connection.close({ type: 'S', name })
    delete connection.parsedStatements[name]
  }
}

/** Texts and a name for each, in the order of their last use. */
class RecentTexts {
  readonly #names = new Map<string, string>()
  #characters = 0

  /** The name of the text, which is forgotten. */
  take(text: string): string | undefined {
    const name = this.#names.get(text)
    if (name !== undefined) {
      this.#names.delete(text)
      this.#characters -= text.length
    }
    return name
  }

  /** Remembers a text that is not there; gives the names of those that had to leave for it. */
  put(text: string, name: string): readonly string[] {
    this.#names.set(text, name)
    this.#characters += text.length
    const left: string[] = []
    for (const [oldest, its] of this.#names) {
      if (this.#names.size <= REMEMBERED.texts && this.#characters <= REMEMBERED.characters) break
      this.take(oldest)
      left.push(its)
    }
    return left
  }
}

interface Connection {
  readonly parsedStatements: Record<string, string>
  close(statement: { readonly type: 'S'; readonly name: string }): void
}
