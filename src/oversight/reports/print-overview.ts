import type { BillNow, Named, Overview, Totals } from './read-overview.ts'

/** The overview as lines of a terminal of so many columns, 40 or more; none is longer. */
export function printOverview(overview: Overview, columns: number): readonly string[] {
  const { days, total, forecast, bill, trend, refusals } = overview
  const currency = bill?.currency ?? null
  const lines = [
    `Last ${days} days: ${totalsOf(total)}`,
    `Forecast of the month: ${totalsOf(forecast)}`,
    ...(bill === null ? [] : [billOf(bill)]),
    '',
    ...sparkline(
      'points',
      trend.map(({ points }) => points),
      columns,
    ),
    ...sparkline(
      'refused',
      trend.map((day) => day.refusals),
      columns,
    ),
    '',
    ...table('Accounts', overview.topAccounts, { columns, currency }),
    ...table('Keys', overview.topKeys, { columns, currency }),
    ...table('Operations', overview.topOperations, { columns, currency }),
    ...(overview.loosest.length === 0
      ? []
      : [
          'Loosest prices: ' +
            overview.loosest
              .map(({ name, looseness }) => `${nameOf(name)} x${(looseness ?? 1).toFixed(1)}`)
              .join(', '),
        ]),
    ...(refusals.length === 0
      ? []
      : [`Refusals: ${refusals.map(({ code, refusals: n }) => `${code} ${short(n)}`).join(', ')}`]),
  ]
  return lines.map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line))
}

function totalsOf({ operations, points, refusals, database_ms: ms, bytes }: Totals): string {
  return `${short(operations)} calls, ${short(points)} points, ${short(refusals)} refused, ${short(ms / 1000)} db s, ${short(bytes)} bytes`
}

function billOf({ currency, spent, forecast, ceiling, slowed }: BillNow): string {
  const limit = ceiling === null ? '' : ` of ${ceiling.toFixed(2)}`
  const held = slowed === 0 ? '' : `, ${slowed} slowed down`
  return `Bill of the month: ${spent.toFixed(2)}${limit} ${currency} spent, ${forecast.toFixed(2)} forecast${held}`
}

const BARS = '▁▂▃▄▅▆▇█'

/** A bar for each day, the last ones where not all fit; the highest is the most of them. */
function sparkline(label: string, values: readonly number[], columns: number): readonly string[] {
  const shown = values.slice(-(columns - LABEL_COLUMNS))
  const most = Math.max(1, ...shown)
  const bars = shown.map((value) => BARS[Math.ceil((value / most) * (BARS.length - 1))] ?? '')
  return [`${label.padEnd(LABEL_COLUMNS)}${bars.join('')}`]
}

const LABEL_COLUMNS = 10
const NUMBER_COLUMNS = 10

interface TableForm {
  readonly columns: number
  /** What costs are shown in; null: not at all. */
  readonly currency: string | null
}

function table(
  title: string,
  rows: readonly Named[],
  { columns, currency }: TableForm,
): readonly string[] {
  if (rows.length === 0) return []
  const heads = [
    'points',
    'calls',
    'refused',
    'db s',
    'bytes',
    ...(currency === null ? [] : [currency]),
  ]
  const width = Math.max(8, columns - NUMBER_COLUMNS * heads.length)
  const line = (name: string, cells: readonly string[]): string =>
    name.slice(0, width - 1).padEnd(width) +
    cells.map((cell) => cell.padStart(NUMBER_COLUMNS)).join('')
  return [
    line(title, heads),
    ...rows.map((row) =>
      line(nameOf(row.name), [
        ...[row.points, row.operations, row.refusals, row.database_ms / 1000, row.bytes].map(short),
        ...(currency === null ? [] : [(row.cost ?? 0).toFixed(2)]),
      ]),
    ),
    '',
  ]
}

function nameOf(name: string): string {
  return name === '' ? '(unnamed)' : name
}

/** A number in few characters: 999, 1.2k, 34M. */
function short(value: number): string {
  let [number, unit] = [value, '']
  for (const next of ['k', 'M', 'G', 'T']) {
    if (number < 999.5) break
    number /= 1000
    unit = next
  }
  return `${number < 10 && !Number.isInteger(number) ? number.toFixed(1) : Math.round(number)}${unit}`
}
