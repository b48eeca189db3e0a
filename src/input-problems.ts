import type { z } from 'zod'
import { type ApiError, apiError, type Problem } from './errors.ts'

/**
 * The input, as the schema reads it.
 * @throws {ApiError} INPUT_INVALID with everything that is wrong with it
 */
export function readInput<Input>(schema: z.ZodType<Input>, input: unknown): Input {
  const read = schema.safeParse(input)
  if (read.success) return read.data
  throw inputInvalid(problemsOf(read.error, input))
}

/** The refusal of an input with these problems. */
export function inputInvalid(problems: readonly Problem[]): ApiError {
  const message = problems.map((problem) => problem.message).join(' ')
  return apiError('INPUT_INVALID', { message, problems })
}

/**
 * Every problem that zod found with an input: its path, what was found there and what is accepted. Members whose names
 * say that they hold a secret are not quoted.
 */
export function problemsOf(error: z.ZodError, input: unknown): readonly Problem[] {
  return error.issues.map((issue) => {
    // Within a text, whoever has read it says what was found there.
    const told = issue.code === 'custom' ? (issue.params?.['found'] as unknown) : undefined
    const found = told ?? issue.path.reduce<unknown>(memberOf, input)
    const isSecret = issue.path.some((step) => SECRET.test(String(step)))
    return {
      code: 'INPUT_INVALID',
      path: issue.path.map(String).join('.'),
      message: issue.message,
      ...(isSecret ? {} : { found: shown(found) }),
    }
  })
}

/** Members that hold secrets, wherever they stand. */
const SECRET = /password|token|code|challenge|^key$/i

function memberOf(value: unknown, step: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return (value as Readonly<Record<PropertyKey, unknown>>)[step] // any member of any object is unknown
}

function shown(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'string') return value.length > 100 ? `${value.slice(0, 100)}…` : value
  return typeof value === 'object' && value !== null ? undefined : value
}
