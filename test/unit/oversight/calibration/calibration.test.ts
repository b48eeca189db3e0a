import { describe, expect, test } from 'vitest'

import {
  calibrate,
  type MeasuredDocument,
} from '../../../../src/oversight/calibration/calibration.ts'
import { printCalibration } from '../../../../src/oversight/calibration/print-calibration.ts'
import { createRandom } from '../../../../src/seed/random.ts'

const NOW = { operation: 1, object: 1, connection: 5, mutation: 10 }
const FREE = { databaseSecond: 0, cpuSecond: 0, gigabyte: 0 }
/** Microseconds of the database that each kind takes here. */
const TRUE = { operation: 100, object: 2, connection: 30, mutation: 0 }

function document(counts: Readonly<Record<keyof typeof NOW, number>>): MeasuredDocument {
  const of = (weights: typeof NOW) =>
    counts.operation * weights.operation +
    counts.object * weights.object +
    counts.connection * weights.connection +
    counts.mutation * weights.mutation
  const points = of(NOW)
  const taken = { database_us: of(TRUE), cpu_us: 200 + 4 * points, bytes: 50 * points }
  return { name: 'A', points, taken, counts }
}

const random = createRandom(7)
const documents = Array.from({ length: 20 }, () =>
  document({
    operation: 1,
    object: random.below(100),
    connection: random.below(20),
    mutation: 0,
  }),
)

/** Kind → whether it can be told. */
function verdicts(measured: readonly MeasuredDocument[]) {
  return Object.fromEntries(
    calibrate(measured, FREE, NOW).weights.map(({ kind, verdict }) => [kind, verdict]),
  )
}

function text(measured: readonly MeasuredDocument[], prices = FREE): string {
  return printCalibration(calibrate(measured, prices, NOW), 'EUR').join('\n')
}

describe('a calibration', () => {
  test('finds what each operation and each point take', () => {
    const { lines } = calibrate(documents, FREE, NOW)
    expect(lines.cpu_us?.perOperation).toBeCloseTo(200, 6)
    expect(lines.cpu_us?.perPoint).toBeCloseTo(4, 9)
    expect(lines.bytes?.perPoint).toBeCloseTo(50, 9)
  })

  test('says what a million of each cost, and how that splits', () => {
    const prices = { databaseSecond: 0, cpuSecond: 0.5, gigabyte: 2 }
    const { money } = calibrate(documents, prices, NOW)
    expect(money?.points.cpu_us).toBeCloseTo(4 * 0.5, 6)
    expect(money?.points.bytes).toBeCloseTo(0.05 * 2, 6)
    expect(money?.points.total).toBeCloseTo(2.1, 6)
    expect(money?.operations.total).toBeCloseTo(100, 6)
    expect(calibrate(documents, FREE, NOW).money).toBeNull()
  })

  test('proposes weights that are to each other as what they take, and cost as many points in all', () => {
    const { weights } = calibrate(documents, FREE, NOW)
    const proposed = new Map(weights.map((weight) => [weight.kind, weight.proposed['database_us']]))
    const [object = 0, connection, operation] = ['object', 'connection', 'operation'].map(
      (kind) => proposed.get(kind) ?? 0,
    )
    expect(connection).toBeCloseTo(15 * object, 6)
    expect(operation).toBeCloseTo(50 * object, 6)
    const cost = documents.reduce(
      (sum, { counts }) =>
        sum +
        Object.entries(counts).reduce((all, [kind, n]) => all + n * (proposed.get(kind) ?? 0), 0),
      0,
    )
    expect(cost).toBeCloseTo(
      documents.reduce((sum, { points }) => sum + points, 0),
      6,
    )
  })

  test('proposes a money weight where anything has a price, and only then', () => {
    const measuresAt = (prices: typeof FREE) =>
      Object.keys(calibrate(documents, prices, NOW).weights[0]?.proposed ?? {})
    expect(measuresAt(FREE)).toEqual(['database_us', 'cpu_us', 'bytes'])
    expect(measuresAt({ ...FREE, gigabyte: 1 })).toContain('money')
  })

  test('says which kinds it can not tell: never paid, always paid together, or too few documents', () => {
    expect(verdicts(documents)).toEqual({
      operation: 'told',
      object: 'told',
      connection: 'told',
      mutation: 'unmeasured',
    })
    const together = documents.map(({ counts }) =>
      document({
        operation: 1,
        object: 3 * (counts['connection'] ?? 0),
        connection: counts['connection'] ?? 0,
        mutation: 0,
      }),
    )
    expect(verdicts(together)).toMatchObject({
      operation: 'told',
      object: 'mixed',
      connection: 'mixed',
    })
    expect(verdicts(documents.slice(0, 2))).toMatchObject({
      operation: 'mixed',
      object: 'mixed',
      connection: 'mixed',
    })
  })
})

describe('what is printed of it', () => {
  test('names every resource, and the variables where nothing has a price', () => {
    expect(text(documents)).toMatch(/^CPU µs +200 ± 0 +4 ± 0 +1\.00$/m)
    expect(text(documents)).toContain('MAAT_PRICE_CPU_SECOND')
  })

  test('tells the money in the currency', () => {
    expect(text(documents, { ...FREE, gigabyte: 2 })).toContain(
      '1 000 000 points cost 0.1 EUR: database 0, CPU 0, bytes 0.1.',
    )
  })

  test('says so where points do not tell what operations take', () => {
    const doubt = 'Points do not tell what operations take in CPU µs:'
    const shuffled = documents.map((one, index) => ({
      ...one,
      taken: { ...one.taken, cpu_us: [200, 900, 400][index % 3] ?? 0 },
    }))
    expect(text(documents)).not.toContain('Points do not tell')
    expect(text(shuffled)).toContain(doubt)
  })

  test('shows no number for what can not be told', () => {
    const few = text(documents.slice(0, 2))
    expect(few).toMatch(/^database µs +can not be told$/m)
    expect(few).toMatch(/^mutation +10 +not measured$/m)
    expect(few).toMatch(/^object +1 +can not be told$/m)
    expect(few).toContain('can not tell operation, object, connection apart')
  })
})
