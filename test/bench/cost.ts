// Times pricing on this machine: a compiled operation, a new one, and what grows or attacks. Prints the goals beside it.
import { compileOperation } from '../../src/cost/compile-operation.ts'
import { compileCost, type SchemaCost } from '../../src/cost/schema-cost.ts'
import type { Variables } from '../../src/cost/variables.ts'
import { schema } from '../../src/schema/schema.ts'
import { bomb, conditions, growing, manyTypes, TYPICAL } from '../support/cost-documents.ts'
import { progress } from './progress.ts'

type DocumentNode = ReturnType<typeof bomb>

interface Row {
  readonly what: string
  readonly figure: number
  readonly unit: 'µs' | 'ms' | 'bytes'
  /** At most; null: no goal of its own. */
  readonly goal: number | null
}

const ROUNDS = 200
const BATCH = 2000

progress('typical operation')
const prices = compileCost(schema)
const typical = TYPICAL.document
const program = compileOperation(prices, typical)
const charge = program.bindCounts(TYPICAL.counted, TYPICAL.variables)
const rows: Row[] = [
  row('typical operation, compiled: estimate', warm(prices, typical, TYPICAL.variables), 'µs', 1),
  row(
    'typical operation, compiled: actual',
    perCall(() => charge(TYPICAL.counts, TYPICAL.variables)),
    'µs',
    1,
  ),
  row('… memory per estimate, pages of 1', allocated(1), 'bytes', 256),
  row('… memory per estimate, pages of 100', allocated(100), 'bytes', 256),
  row('typical operation, new: compile and estimate', cold(prices, typical), 'ms', 0.2),
]

for (const types of [1024, 10_240]) {
  progress(`schema of ${types} types`)
  const large = manyTypes(types)
  const many = compileCost(large)
  rows.push(
    row(
      `schema of ${types} types: read its prices`,
      once(() => compileCost(large)),
      'ms',
      null,
    ),
  )
  for (const spreads of [8, 80]) {
    const document = growing(spreads)
    const name = `${types} types, ${spreads} fragment spreads`
    rows.push(row(`${name}: estimate`, warm(many, document, { n: 3 }), 'µs', null))
    rows.push(row(`${name}: compile and estimate`, cold(many, document, { n: 3 }), 'ms', null))
  }
}

progress('attacks')
const small = compileCost(manyTypes(1))
rows.push(row('fragment bomb of 2^20 fields: compile and estimate', cold(small, bomb(20)), 'ms', 1))
const correlated = conditions(200)
const conditional = compileOperation(small, correlated.document)
let turn = 0
rows.push(
  row(
    '200 boolean variables, values not seen before: estimate',
    median(() => conditional.estimatePoints(correlated.variables(turn++))),
    'ms',
    5,
  ),
)

process.stdout.write(`${table(rows)}\n`)

function row(what: string, figure: number, unit: Row['unit'], goal: number | null): Row {
  return { what, figure, unit, goal }
}

function warm(schemaCost: SchemaCost, document: DocumentNode, variables: Variables): number {
  const compiled = compileOperation(schemaCost, document)
  return perCall(() => compiled.estimatePoints(variables))
}

function cold(
  schemaCost: SchemaCost,
  document: DocumentNode,
  variables: Variables = TYPICAL.variables,
): number {
  return median(() => compileOperation(schemaCost, document).estimatePoints(variables))
}

/** Median over batches, in microseconds for one call. */
function perCall(call: () => number): number {
  const batch = () => {
    let sum = 0
    for (let index = 0; index < BATCH; index += 1) sum += call()
    return sum
  }
  return (median(batch) / BATCH) * 1000
}

/** In milliseconds. */
function median(run: () => number): number {
  const times = Array.from({ length: ROUNDS }, () => once(run)).toSorted((a, b) => a - b)
  return times[ROUNDS / 2] ?? Number.NaN
}

function once(run: () => unknown): number {
  const start = performance.now()
  run()
  return performance.now() - start
}

/** Bytes that one estimate leaves for the garbage collector. */
function allocated(first: number): number {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('Run with --expose-gc.')
  const variables = { ...TYPICAL.variables, n: first }
  const calls = 20_000
  const rounds = Array.from({ length: 9 }, () => {
    gc()
    const before = process.memoryUsage().heapUsed
    for (let index = 0; index < calls; index += 1) program.estimatePoints(variables)
    return (process.memoryUsage().heapUsed - before) / calls
  })
  return rounds.toSorted((a, b) => a - b)[4] ?? Number.NaN
}

function table(lines: readonly Row[]): string {
  return [
    '| what | median | goal |',
    '| --- | --: | --: |',
    ...lines.map(({ what, figure, unit, goal }) => {
      const shown = goal === null ? '' : `<= ${goal} ${unit}${figure <= goal ? '' : ' MISSED'}`
      return `| ${what} | ${figure.toFixed(unit === 'bytes' ? 0 : 3)} ${unit} | ${shown} |`
    }),
  ].join('\n')
}
