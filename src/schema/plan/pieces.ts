import { type RawBuilder, sql } from 'kysely'
import type { Piece } from './source.ts'

/** SQL for one text of all pieces. */
export function joinPieces(pieces: readonly Piece[]): RawBuilder<unknown> {
  const merged: Piece[] = []
  for (const piece of pieces) {
    const last = merged.at(-1)
    if (typeof piece === 'string' && typeof last === 'string')
      merged[merged.length - 1] = last + piece
    else if (piece !== '') merged.push(piece)
  }
  const parts = merged.map((piece) => (typeof piece === 'string' ? sql.lit(piece) : piece))
  return parts.length === 0 ? sql.lit('') : sql.join(parts, sql` || `)
}

/** `"name":`, after a comma unless it is the first member. Response names are GraphQL names: nothing in them wants quoting. */
export function member(name: string, position: number): string {
  return `${position === 0 ? '' : ','}"${name}":`
}
