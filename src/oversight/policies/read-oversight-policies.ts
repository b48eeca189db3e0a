import { z } from 'zod'
import { StartError } from '../../errors.ts'
import { parseJson, readTextFile } from '../../read-json-file.ts'
import { MEASURES, OVERSIGHT_POLICIES, type OversightPolicy } from './oversight-policy.ts'

/**
 * The table of policies: that of the JSON file at this absolute path, in place of the built-in one; null: the built-in one.
 *
 * ```json
 * [
 *   {
 *     "name": "half-a-day-of-database",
 *     "over": "day", "measure": "databaseMs", "above": 43200000, "below": 21600000,
 *     "step": "SLOWER", "pace": 0.25, "forHours": 24
 *   }
 * ]
 * ```
 * @throws {StartError} in one line: file, place, what is wrong
 */
export function readOversightPolicies(path: string | null): readonly OversightPolicy[] {
  return path === null ? OVERSIGHT_POLICIES : parseOversightPolicies(readTextFile(path), path)
}

/** @throws {StartError} as readOversightPolicies does */
export function parseOversightPolicies(text: string, path: string): readonly OversightPolicy[] {
  const read = FILE.safeParse(parseJson(text, path))
  if (read.success) return Object.freeze(read.data)
  const [issue] = read.error.issues
  const place = issue === undefined || issue.path.length === 0 ? '' : ` ${issue.path.join('.')}:`
  throw new StartError(`${path}:${place} ${issue?.message ?? 'It is no table of policies.'}`)
}

const amount = z.number().positive().max(1e15)

const POLICY = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/, 'A name is up to 40 small letters, digits and hyphens.'),
    over: z.enum(['hour', 'day', 'week']),
    measure: z.enum(MEASURES),
    above: amount,
    below: amount,
    step: z.enum(['NOTICE', 'SLOWER', 'SUSPENSION', 'REVOCATION']),
    pace: z.number().min(0.01).max(0.99).optional(),
    forHours: z.number().min(1).max(8760),
    withoutPerson: z.boolean().default(false),
  })
  .refine(({ above, below }) => below < above, {
    path: ['below'],
    error: 'below is less than above.',
  })
  .refine(({ step, pace }) => (step === 'SLOWER') === (pace !== undefined), {
    path: ['pace'],
    error: 'A pace belongs to SLOWER, and to no other step.',
  })
  .refine(({ step, withoutPerson }) => step !== 'REVOCATION' || withoutPerson, {
    path: ['step'],
    error: 'A person decides on a REVOCATION, unless the policy says "withoutPerson": true.',
  })
  .transform(({ withoutPerson: _said, step, pace, ...policy }): OversightPolicy => ({
    ...policy,
    step: STEPS[step],
    pace: pace ?? null,
  }))

const STEPS = {
  NOTICE: 'notice',
  SLOWER: 'slower',
  SUSPENSION: 'suspension',
  REVOCATION: 'revocation',
} as const

const FILE = z
  .array(POLICY)
  .max(100)
  .refine((policies) => new Set(policies.map(({ name }) => name)).size === policies.length, {
    error: 'Two policies have the same name.',
  })
