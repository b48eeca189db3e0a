import { readFileSync } from 'node:fs'

import { StartError } from '../errors.ts'
import { parsePolicyRows } from './parse-policy-rows.ts'
import { type Policies, createPolicies } from './policies.ts'
import { assertCeilingsFit } from './policy-ceilings.ts'
import { POLICY_ROWS } from './policy-rows.ts'

/**
 * The policy table, with the rows of the JSON file at this absolute path in place of its own; null: as it is. Levels and
 * roles have rows of the same names as accounts; a role's row goes before a level's, and that before everybody's:
 *
 * ```json
 * {
 *   "day": { "capacity": 300000 },
 *   "anonymous-burst": { "capacity": 100, "restorePerSecond": 2 },
 *   "anonymous-ceiling": 100,
 *   "service-month": { "capacity": 50000000 },
 *   "levels": { "5": { "burst": { "capacity": 4000, "restorePerSecond": 200 } } },
 *   "roles": { "tester": { "day": { "capacity": 1000000 }, "in-flight": 16 } }
 * }
 * ```
 * @throws {StartError} in one line: file, place, what was found and what is accepted
 */
export function readPolicies(path: string | null): Policies {
  const rows = path === null ? POLICY_ROWS : parsePolicyRows(readText(path), path)
  assertCeilingsFit(rows, path ?? 'The policy table')
  return createPolicies(rows)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    throw new StartError(`MAAT_POLICIES names ${path}, which can not be read: ${code}.`, { cause })
  }
}
