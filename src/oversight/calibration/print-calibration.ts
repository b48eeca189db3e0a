import { type Calibration, MANY, RESOURCES, type Split } from './calibration.ts'
import type { Line } from './fit-line.ts'
import type { ProposedWeight } from './propose-weights.ts'

const NAMES = {
  database_us: 'database µs',
  cpu_us: 'CPU µs',
  bytes: 'bytes',
} as const

/** The calibration as lines of text; money in this currency. */
export function printCalibration(calibration: Calibration, currency: string): readonly string[] {
  return [
    ...linesTable(calibration.lines),
    ...doubts(calibration.lines),
    '',
    ...moneyLines(calibration.money, currency),
    '',
    ...weightsTable(calibration.weights, { ...NAMES, money: currency }),
  ]
}

function linesTable(lines: Calibration['lines']): readonly string[] {
  return table([
    ['', 'each operation', 'each point', 'R²'],
    ...RESOURCES.map((resource) => [NAMES[resource], ...lineCells(lines[resource])]),
  ])
}

function lineCells(line: Line | null): readonly string[] {
  if (line === null) return ['can not be told']
  const { perOperation, perOperationError, perPoint, perPointError, explained } = line
  return [
    `${short(perOperation)} ± ${short(perOperationError)}`,
    `${short(perPoint)} ± ${short(perPointError)}`,
    explained.toFixed(2),
  ]
}

/** Below this many of its standard errors, a number may as well be 0. */
const ERRORS_MIN = 2

function doubts(lines: Calibration['lines']): readonly string[] {
  const doubtful = RESOURCES.filter((resource) => {
    const line = lines[resource]
    return line !== null && line.perPoint <= ERRORS_MIN * line.perPointError
  })
  if (doubtful.length === 0) return []
  const named = doubtful.map((resource) => NAMES[resource]).join(', ')
  return ['', `Points do not tell what operations take in ${named}: each point's may as well be 0.`]
}

function moneyLines(money: Calibration['money'], currency: string): readonly string[] {
  if (money === null) {
    return [
      'Nothing has a price: set MAAT_PRICE_DATABASE_SECOND, MAAT_PRICE_CPU_SECOND or MAAT_PRICE_GIGABYTE to see what this costs.',
    ]
  }
  const many = MANY.toLocaleString('en').replaceAll(',', ' ')
  const line = (what: string, { total, database_us: database, cpu_us: cpu, bytes }: Split) =>
    `${many} ${what} cost ${short(total)} ${currency}: database ${short(database)}, CPU ${short(cpu)}, bytes ${short(bytes)}.`
  return [line('points', money.points), line('operations, beside their points,', money.operations)]
}

/** `names` says how each measure is called. */
function weightsTable(
  weights: readonly ProposedWeight[],
  names: Readonly<Record<string, string>>,
): readonly string[] {
  const measures = Object.keys(weights[0]?.proposed ?? {})
  const cells = ({ verdict, proposed }: ProposedWeight): readonly string[] => {
    if (verdict === 'told') return measures.map((measure) => short(proposed[measure] ?? 0))
    return [verdict === 'mixed' ? 'can not be told' : 'not measured']
  }
  const mixed = weights.filter(({ verdict }) => verdict === 'mixed').map(({ kind }) => kind)
  return [
    'Prices in points, as they are and as each measure alone would have them:',
    '',
    ...table([
      ['', 'now', ...measures.map((measure) => names[measure] ?? measure)],
      ...weights.map((weight) => [weight.kind, short(weight.now), ...cells(weight)]),
    ]),
    ...(mixed.length === 0
      ? []
      : [
          '',
          `These documents can not tell ${mixed.join(', ')} apart: they pay them in much the same proportion, or are too few.`,
        ]),
  ]
}

/** Columns as wide as they have to be: the first to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = Math.max(...rows.map(({ length }) => length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

/** Three digits that count, or all of a large number's before the point. */
function short(value: number): string {
  if (Math.abs(value) >= 100) return String(Math.round(value))
  const digits = value === 0 ? 0 : 2 - Math.floor(Math.log10(Math.abs(value)))
  return String(Number(value.toFixed(Math.min(digits, 6))))
}
