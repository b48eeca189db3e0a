import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { buildSchema, parse } from 'graphql'
import { z } from 'zod'

import { compileOperation } from '../cost/compile-operation.ts'
import type { Cost } from '../cost/points.ts'
import { compileCost } from '../cost/schema-cost.ts'
import { StartError } from '../errors.ts'
import { firstLine } from './first-line.ts'

const amount = z.union([z.number(), z.literal('Infinity').transform(Number)])

/** A published case: what an operation costs by the IBM cost directives. */
const fixture = z.object({
  id: z.string().optional(),
  sdl: z.string(),
  operation: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  defaultListSize: amount.nullish(),
  expected: z.object({ typeCost: amount, fieldCost: amount }),
})

export interface FixtureOutcome {
  readonly passed: number
  readonly failed: number
}

/**
 * Prices every case under a path and says each that comes out otherwise, or can not be read: a folder of JSON files, however
 * deep, or one file. A file holds a case or a list of cases.
 * @throws {StartError} where there is no case at all
 */
export async function runFixtures(
  path: string,
  say: (line: string) => void,
): Promise<FixtureOutcome> {
  let passed = 0
  let failed = 0
  for (const file of await filesOf(path)) {
    for (const { name, fault } of await faultsOf(file)) {
      if (fault === null) passed += 1
      else failed += 1
      if (fault !== null) say(`${name}: ${fault}`)
    }
  }
  if (passed + failed === 0) throw new StartError(`${path} holds no case.`)
  return { passed, failed }
}

async function filesOf(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const names = await readdir(path, { recursive: true })
    return names
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => join(path, name))
  } catch (cause) {
    throw new StartError(`--fixtures can not be read: ${firstLine(cause)}`, { cause })
  }
}

interface CaseOutcome {
  readonly name: string
  /** Null where the case holds. */
  readonly fault: string | null
}

async function faultsOf(file: string): Promise<readonly CaseOutcome[]> {
  let content: unknown
  try {
    content = JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    return [{ name: file, fault: firstLine(cause) }]
  }
  if (!Array.isArray(content)) return [outcomeOf(content, file)]
  return content.map((item: unknown, position) => outcomeOf(item, `${file}[${position}]`))
}

function outcomeOf(content: unknown, place: string): CaseOutcome {
  const read = fixture.safeParse(content)
  if (!read.success) {
    const [problem] = read.error.issues
    const at = problem?.path.join('.') ?? ''
    return { name: place, fault: `${at === '' ? 'the case' : at}: ${problem?.message}` }
  }
  const { id, expected } = read.data
  const name = id === undefined ? place : `${id} (${place})`
  try {
    const { typeCost, fieldCost } = priceOf(read.data)
    if (typeCost === expected.typeCost && fieldCost === expected.fieldCost) {
      return { name, fault: null }
    }
    const found = `typeCost ${typeCost}, fieldCost ${fieldCost}`
    const wanted = `typeCost ${expected.typeCost}, fieldCost ${expected.fieldCost}`
    return { name, fault: `${found}; expected ${wanted}` }
  } catch (error) {
    return { name, fault: firstLine(error) }
  }
}

function priceOf(read: z.infer<typeof fixture>): Cost {
  const schemaCost = compileCost(buildSchema(read.sdl), {
    defaultListSize: read.defaultListSize ?? Number.POSITIVE_INFINITY,
  })
  const program = compileOperation(schemaCost, parse(read.operation), read.operationName)
  return program.estimate(read.variables ?? {})
}
