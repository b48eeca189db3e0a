import { CsvError, parse } from 'csv-parse/sync'
import { nearestName } from '../../nearest-name.ts'
import { isMeasurementName, MEASUREMENT_NAMES } from '../definitions.ts'
import { type Findings, NAME_CHARACTERS_COMPARED } from './findings.ts'

/** Columns that are no measurements. */
const ABOUT_SET = ['name', 'notes', 'public', 'units'] as const
/** Notes may have many. The parser takes 40 µs for a line without a value. */
const LINES_MAX = 5_000
const COLUMNS: readonly string[] = [...ABOUT_SET, ...MEASUREMENT_NAMES]

/**
 * The sets of a CSV text with a row of names, each as JSON would have it; undefined where it is none. Columns are apart by
 * commas, semicolons or tabs, whichever comes first in the row of names; empty cells are absent. At most this many sets are
 * read, and one more.
 */
export function parseCsv(text: string, findings: Findings, setsMax: number): unknown {
  const { refuse } = findings
  const [header, ...rows] = rowsOf(text, findings, setsMax + 2)
  if (header === undefined) return undefined
  if (header.length > COLUMNS.length) {
    refuse(null, header.length, () => `There are at most ${COLUMNS.length} columns.`)
    return undefined
  }
  const names = header.map((name) => name.trim())
  refuseColumns(names, findings)
  return rows.map((cells, row) => {
    if (cells.length !== names.length) {
      const accepted = `Every row has as many cells as the first has names: ${names.length}.`
      refuse(String(row), cells.length, () => accepted)
    }
    return setOf(names, cells)
  })
}

function rowsOf(text: string, { refuse }: Findings, rowsMax: number): readonly string[][] {
  const lines = text.match(/\n|\r(?!\n)/g)?.length ?? 0
  if (lines > LINES_MAX) {
    refuse(null, lines, () => `There are ${lines} lines; accepted are at most ${LINES_MAX}.`)
    return []
  }
  const delimiter = /[,;\t]/.exec(text.slice(0, text.search(/[\r\n]|$/)))?.[0] ?? ','
  try {
    const rows = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      to: rowsMax,
    })
    if (rows.length === 0) refuse(null, undefined, () => 'The text is empty: begin with names.')
    return rows
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // What the parser says quotes the text. All that it can dislike is a quotation mark.
    const line = String(error['lines'])
    refuse(
      null,
      undefined,
      () => `Line ${line}: quotation marks stand around a whole cell, and doubled within it.`,
    )
    return []
  }
}

function refuseColumns(names: readonly string[], { refuse }: Findings): void {
  for (const [at, name] of names.entries()) {
    if (!COLUMNS.includes(name)) refuse(name, name, () => unknownColumn(name))
    else if (names.indexOf(name) !== at)
      refuse(name, name, () => 'There is more than one column of this name.')
  }
}

function unknownColumn(name: string): string {
  const meant = nearestName(name.slice(0, NAME_CHARACTERS_COMPARED), COLUMNS)
  return `There is no such column. Did you mean ${meant}?`
}

function setOf(names: readonly string[], cells: readonly string[]): object {
  const filled = names.flatMap((name, at) => {
    const cell = cells[at]?.trim() ?? ''
    return cell === '' ? [] : [[name, cell] as const]
  })
  const about = filled.filter(([name]) => !isMeasurementName(name) && COLUMNS.includes(name))
  const measurements = filled.filter(([name]) => isMeasurementName(name))
  return { ...Object.fromEntries(about), measurements: Object.fromEntries(measurements) }
}
