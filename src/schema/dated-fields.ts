import type { Scope } from '../auth/access.ts'
import { moment, plain } from './sql-json.ts'

/** Options of the field `createdAt`, for every type whose rows are made. */
export function createdAt(scope: Scope) {
  const source = moment('created_at')
  return { type: 'DateTime', scope, description: 'When it was made.', source } as const
}

/** Options of the field `updatedAt`, for every type whose rows change. */
export function updatedAt(scope: Scope) {
  const source = moment('updated_at')
  return { type: 'DateTime', scope, description: 'When it last changed.', source } as const
}

/** Options of the field `version`, for every type whose rows people change. */
export function version(scope: Scope) {
  const description = 'Goes up by one with every change; an update says which one it has read.'
  return { scope, description, source: plain('version') } as const
}
