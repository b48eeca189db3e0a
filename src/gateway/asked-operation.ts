import type { Acts } from '../auth/act.ts'
import type { Database } from '../database/connect.ts'
import type { Plan } from '../schema/plan/plan.ts'
import type { Variables } from '../schema/plan/shape.ts'
import type { Vault } from '../vault/vault.ts'
import type { Dear } from './budget-refusals.ts'
import { type CompileOptions, planAccounted } from './compiled-operations.ts'
import type { DemandControl } from './demand-control.ts'
import type { FailureLog } from './failure.ts'
import type { CompiledOperation } from './known-documents.ts'
import type { GatewayContext } from './request.ts'

/** What it takes to answer operations. */
export interface ExecuteOptions extends CompileOptions {
  readonly database: Database
  readonly vault: Vault
  /** What mutations act with. */
  readonly acts: Acts
  readonly demand: DemandControl
  readonly log: FailureLog
}

/** An operation of a valid document with coerced variables, and who asks for it. */
export interface AskedOperation {
  readonly compiled: CompiledOperation
  readonly variables: Variables
  readonly context: GatewayContext
}

/** What tells the client of an operation that is too dear how to make it cheaper. */
export function dearOf(
  { contact }: DemandControl,
  { compiled, variables }: AskedOperation,
  estimated: number,
): Dear {
  return { estimated, program: compiled.price, variables, contact }
}

/**
 * The plan of this operation, for whoever asks.
 * @throws {ApiError} as Operation.plan does
 */
export function planAsked(
  options: ExecuteOptions,
  { compiled, variables, context: { principal, claims, receipt } }: AskedOperation,
): Plan {
  return planAccounted(options, compiled, {
    standing: principal.standing,
    variables,
    claims: receipt.isControl && claims.isSignedIn ? null : claims,
  })
}
