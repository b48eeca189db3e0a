/** What a cell holds; null: nothing. */
export type Cell = string | number | null

/**
 * One line of a CSV file, its end included. A text that a spreadsheet would run as a formula stands behind an apostrophe;
 * numbers stay as they are.
 * @see https://www.rfc-editor.org/rfc/rfc4180#section-2
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(printed).join(',')}\r\n`
}

function printed(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const FORMULA = /^[=+\-@\t\r]/
const QUOTED = /[",\r\n]/
