import { z } from 'zod'

import type { AccessLevel } from '../auth/access.ts'
import type { AccountRole } from '../database/tables.generated.ts'
import { StartError } from '../errors.ts'
import { nearestName } from '../nearest-name.ts'
import { POLICY_ROWS, type PolicyRows } from './policy-rows.ts'
import { isRate, RATES } from './rates.ts'

/**
 * The policy table with the rows of this JSON text in place of its own. A row is replaced as a whole.
 * @throws {StartError} naming the file and the first thing in it that is wrong
 */
export function parsePolicyRows(text: string, path: string): PolicyRows {
  const given = parseJson(text, path)
  const parsed = FILE.safeParse(given)
  if (!parsed.success) throw new StartError(`${path}: ${problemOf(parsed.error, given)}`)
  const { levels, roles, ...rows } = parsed.data
  return {
    ...POLICY_ROWS,
    ...rows,
    levels: mergedByName(POLICY_ROWS.levels, levels ?? {}),
    roles: mergedByName(POLICY_ROWS.roles, roles ?? {}),
  }
}

const POINTS_MAX = 2_147_483_647
const SERVICE_POINTS_MAX = 1e12
const OPERATIONS_MAX = 1_000_000

const points = whole(POINTS_MAX)
const bucket = record({ capacity: points, restorePerSecond: rate() })
const window = record({ capacity: points })
const servicePoints = whole(SERVICE_POINTS_MAX)

const ACCOUNT_ROWS = {
  burst: bucket,
  day: window,
  'young-day': window,
  control: bucket,
  'in-flight': whole(OPERATIONS_MAX),
  ceiling: points,
}
const accountRows = record(ACCOUNT_ROWS).partial()

const LEVEL_ROWS = {
  0: accountRows,
  1: accountRows,
  2: accountRows,
  3: accountRows,
  4: accountRows,
  5: accountRows,
  6: accountRows,
  7: accountRows,
  8: accountRows,
} satisfies Record<AccessLevel, typeof accountRows>

const ROLE_ROWS = {
  user: accountRows,
  tester: accountRows,
  curator: accountRows,
  bughunter: accountRows,
  support: accountRows,
  admin: accountRows,
} satisfies Record<AccountRole, typeof accountRows>

const FILE = record({
  ...ACCOUNT_ROWS,
  'anonymous-burst': bucket,
  'anonymous-day': window,
  'anonymous-in-flight': whole(OPERATIONS_MAX),
  'anonymous-ceiling': points,
  attempts: bucket,
  'service-anonymous': record({ capacity: servicePoints, restorePerSecond: rate() }),
  'service-burst': record({ capacity: servicePoints, restorePerSecond: rate() }),
  'service-month': record({ capacity: servicePoints }).nullable(),
  levels: record(LEVEL_ROWS).partial(),
  roles: record(ROLE_ROWS).partial(),
} satisfies Record<keyof PolicyRows, z.ZodType>).partial()

/** An object of these members alone. Its problems say what is accepted; that of an unknown name, which one is near. */
function record<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return `an object of ${names.join(', ')}`
      return nearestName(String(issue.keys[0]), names)
    },
  })
}

function whole(max: number) {
  return z.custom<number>(
    (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max,
    `a whole number from 1 to ${max}`,
  )
}

function rate() {
  return z.custom<number>(isRate, `points a second, from ${RATES.min} to ${RATES.max}`)
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    // What JSON.parse says may run over several lines of the file.
    throw new StartError(`${path} is not JSON; accepted: an object of policy rows.`, { cause })
  }
}

function problemOf(error: z.ZodError, given: unknown): string {
  const [issue] = error.issues
  if (issue === undefined) throw new Error('zod refused the policies and named no reason.')
  if (issue.code === 'unrecognized_keys') {
    const place = [...issue.path, issue.keys[0]].join('.')
    return `${place} is not a name of the policies; the nearest one is ${issue.message}.`
  }
  const place = issue.path.length === 0 ? 'the content' : issue.path.join('.')
  return `${place} is ${found(issue.path, given)}; accepted: ${issue.message}.`
}

function found(path: readonly PropertyKey[], given: unknown): string {
  let value = given
  // What is walked was parsed as far as its last step: all before it are objects.
  for (const name of path) value = (value as Readonly<Record<PropertyKey, unknown>>)[name]
  if (typeof value === 'number') return String(value)
  return (JSON.stringify(value) ?? 'missing').slice(0, FOUND_LENGTH_MAX)
}

const FOUND_LENGTH_MAX = 60

function mergedByName<Rows extends object>(
  own: Readonly<Record<string, Rows>>,
  given: Readonly<Record<string, Rows>>,
): Readonly<Record<string, Rows>> {
  const merged = { ...own }
  for (const [name, rows] of Object.entries(given)) merged[name] = { ...own[name], ...rows }
  return merged
}
