import { type RawBuilder, sql } from 'kysely'
import { splitBody } from '../../vault/seal-row.ts'
import { place, type SealedPart, type SealedTable } from '../../vault/sealed-rows.ts'
import type { Vault } from '../../vault/vault.ts'

/**
 * Where the answer needs the gateway's hands, the statement leaves a mark in its text: what a field is made from (sealed
 * values, or plain text that is converted) stands between two MARKs, its parts divided by PART. JSON text holds neither
 * character raw, so the text is cut at the marks and never parsed.
 */
const MARK = '\u0001'
const PART = '\u0002'

/** What the first mark of an object brings along, for all marks of that object, beside its row and owner. */
export interface MarkedNeeds {
  readonly label: boolean
  readonly body: boolean
}

/** What the fields of one object are made from. Each part is opened when it is first asked for. */
export interface OpenedRow {
  /** The opened label: plain text. */
  readonly label: string
  /** JSON text of the body's members, as SEALED_ROWS orders them. */
  readonly body: readonly string[]
  /** Bodies of the base sets, nearest first. */
  readonly bases: readonly (readonly string[])[]
  /** What the statement handed over of a row that is not sealed. */
  readonly text: string
}

/** One place in the text that is filled for every object. `carries` is null for all but the first mark of an object. */
export interface Slot<Values> {
  readonly register: number
  readonly carries: { readonly table: SealedTable | null; readonly needs: MarkedNeeds } | null
  readonly render: (opened: OpenedRow, values: Values) => string
}

/** SQL text of a mark that refers to what an earlier mark of the same object brought. */
export function mark(slot: number): string {
  return `${MARK}${slot}${MARK}`
}

/** SQL pieces of a mark that brings what its object's fields are made from. */
export function carryingMark(
  slot: number,
  parts: readonly RawBuilder<unknown>[],
): (string | RawBuilder<unknown>)[] {
  return [`${MARK}${slot}`, ...parts.flatMap((part) => [PART, part]), MARK]
}

/** SQL for further parts of a mark: each row's id and body, in their order. */
export function repeatedParts(
  id: RawBuilder<unknown>,
  body: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
) {
  const divider = sql.lit(PART)
  return sql`string_agg(${divider} || ${id}::text || ${divider} || ${body}, '' order by ${order})`
}

/**
 * The statement's text with every mark filled.
 * @throws {VaultError} when a sealed value does not open where it stands
 */
export function fillMarks<Values>(
  text: string,
  slots: readonly Slot<Values>[],
  context: { readonly vault: Vault; readonly values: readonly Values[] },
): string {
  const pieces = text.split(MARK)
  const registers: OpenedRow[] = []
  for (let i = 1; i < pieces.length; i += 2) {
    const payload = pieces[i] ?? ''
    const cut = payload.indexOf(PART)
    const index = Number(cut === -1 ? payload : payload.slice(0, cut))
    const slot = slots[index]
    const values = context.values[index]
    if (slot === undefined || values === undefined)
      throw new Error('The statement marked an unknown slot.')
    if (slot.carries !== null) {
      registers[slot.register] = new MarkedRow(
        slot.carries,
        payload.slice(cut + 1).split(PART),
        context.vault,
      )
    }
    const opened = registers[slot.register]
    if (opened === undefined) throw new Error('A mark stands before the one that carries its row.')
    pieces[i] = slot.render(opened, values)
  }
  return pieces.join('')
}

class MarkedRow implements OpenedRow {
  readonly #table: SealedTable | null
  readonly #needs: MarkedNeeds
  readonly #parts: readonly string[]
  readonly #vault: Vault
  #body: readonly string[] | null = null

  constructor(
    { table, needs }: { readonly table: SealedTable | null; readonly needs: MarkedNeeds },
    parts: readonly string[],
    vault: Vault,
  ) {
    this.#table = table
    this.#needs = needs
    this.#parts = parts
    this.#vault = vault
  }

  get text(): string {
    return this.#part(0)
  }

  get label(): string {
    return this.#vault.openLabel(this.#part(2), this.#place('label', this.#part(0)))
  }

  get body(): readonly string[] {
    this.#body ??= this.#openBody(this.#part(0), this.#part(this.#needs.label ? 3 : 2))
    return this.#body
  }

  get bases(): readonly (readonly string[])[] {
    const first = 2 + Number(this.#needs.label) + Number(this.#needs.body)
    const bodies: string[][] = []
    for (let i = first; i + 1 < this.#parts.length; i += 2) {
      bodies.push(this.#openBody(this.#part(i), this.#part(i + 1)))
    }
    return bodies
  }

  #openBody(row: string, sealed: string): string[] {
    return splitBody(this.#vault.open(sealed, this.#place('body', row)))
  }

  #place(part: SealedPart, row: string): string {
    if (this.#table === null) throw new Error('Nothing of this row is sealed.')
    return place(this.#table, part, { row, owner: this.#part(1) })
  }

  #part(index: number): string {
    const part = this.#parts[index]
    if (part === undefined) throw new Error('A mark lacks a part that its slot needs.')
    return part
  }
}
