import { createReceipt, type Receipt } from '../../src/gateway/receipt.ts'
import { type PricedOperation, runPriced } from '../../src/gateway/run-priced.ts'
import type { Claims } from '../../src/quota/claims.ts'
import { createInFlight } from '../../src/quota/in-flight.ts'
import type { BudgetLevel, Quota, Reservation } from '../../src/quota/quota.ts'
import type { Claim } from '../../src/quota/store.ts'
import type { Progress } from '../../src/schema/plan/plan.ts'

export const BURST = claimOf('burst', 'account')
export const CONTROL = claimOf('control', 'account')
export const SERVICE = claimOf('service-burst', 'all')
export const ESTIMATED = 50

export type Run = (progress: Progress) => Promise<string>

export interface TillOptions extends Partial<
  Pick<PricedOperation, 'actual' | 'refuse' | 'signal'>
> {
  readonly limit?: number
  readonly isControl?: boolean
  readonly control?: Claims['control']
  readonly quota?: {
    readonly gateways?: number
    readonly reserve?: (
      claims: readonly Claim[],
      log: (call: string) => void,
    ) => ReturnType<Quota['reserve']>
  }
}

/** An operation of 50 points, the quota that pays it, and what was asked of that. */
export function tillOf(options: TillOptions = {}) {
  const { limit = 8, control = null, quota: paying = {} } = options
  const calls: string[] = []
  const inFlight = createInFlight()
  let entered = 0
  const claims: Claims = {
    claims: [BURST, SERVICE],
    ceiling: 1_000,
    inFlight: { subject: 'account', limit },
    attempts: {
      subject: 'account',
      budget: { kind: 'bucket', capacity: 120, restorePerSecond: 2 },
    },
    control,
    isSignedIn: true,
  }
  const receipt: Receipt = { ...createReceipt(() => []), isControl: options.isControl ?? false }
  const quota: Quota = {
    gateways: paying.gateways ?? 1,
    reserve(asked, points) {
      if (paying.reserve !== undefined) return paying.reserve(asked, (call) => calls.push(call))
      calls.push(`reserve ${asked[0]?.partition} ${points}`)
      return reservation()
    },
    giveBack: (_reservation, spent) => void calls.push(`give back ${spent}`),
    settle: (_reservation, spent) => void calls.push(`settle ${spent}`),
    known: () => null,
    look: async () => [levelOf(BURST)],
    release: () => {},
    close: async () => {},
  }
  const till = {
    quota,
    inFlight: {
      enter(subject: string, most: number) {
        const hasEntered = inFlight.enter(subject, most)
        entered += Number(hasEntered)
        return hasEntered
      },
      leave(subject: string) {
        entered -= 1
        inFlight.leave(subject)
      },
    },
  }
  return {
    calls,
    receipt,
    running: () => entered,
    run: (run: Run) =>
      runPriced(
        till,
        {
          claims,
          receipt,
          estimated: ESTIMATED,
          signal: options.signal,
          actual: options.actual ?? (([count = 0]) => count),
          refuse:
            options.refuse ??
            ((refusal) => {
              throw new Error(refusal === 'in-flight' ? refusal : refusal.partition)
            }),
        },
        run,
      ),
  }
}

function claimOf(partition: Claim['partition'], subject: string): Claim {
  return {
    partition,
    subject,
    budget: { kind: 'bucket', capacity: 1_000, restorePerSecond: 1 },
  }
}

export function levelOf({ partition, budget }: Claim): BudgetLevel {
  return { partition, budget, remaining: 10, resetMs: 0 }
}

export function reservation(): Reservation {
  return {
    kind: 'reserved',
    points: ESTIMATED,
    levels: () => [levelOf(BURST), levelOf(SERVICE)],
    mode: 'normal',
    lease: { id: 'lease', takenAtUs: 1 },
  }
}
