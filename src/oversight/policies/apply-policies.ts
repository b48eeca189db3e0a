import type { Transaction } from 'kysely'
import { recordAct } from '../../audit/record-act.ts'
import { lockAccount } from '../../auth/account/subject-account.ts'
import type { Acts } from '../../auth/act.ts'
import { tell } from '../../auth/sign-in/tell.ts'
import type { DB } from '../../database/tables.generated.ts'
import { formatId } from '../../ids.ts'
import { takeStep } from '../interventions/take-step.ts'
import { decide } from './decide.ts'
import { findHeavyUsers, type HeavyUser } from './find-users.ts'
import type { OversightPolicy } from './oversight-policy.ts'
import { HOUR_MS } from './policy-window.ts'

/** How often somebody looks. */
export const LOOK_SECONDS = 60
/** A look may come late, as when a gateway ends. */
const NEXT_LOOK_MS = 2 * LOOK_SECONDS * 1000

export interface Overseer extends Pick<
  Acts,
  'database' | 'vault' | 'clock' | 'mailsWait' | 'forget'
> {
  readonly policies: readonly OversightPolicy[]
  /** Hears why a policy did nothing about an account (UUID); it is looked at again with the next look. */
  readonly onFailure: (policy: string, accountId: string, error: unknown) => void
}

/** Every policy has done what it does about the use of this moment. Nothing comes of a second look at the same. */
export async function applyPolicies(overseer: Overseer, signal?: AbortSignal): Promise<void> {
  const { policies, database, onFailure } = overseer
  for (const policy of policies) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: a stricter policy finds what a milder one did
    const users = await findHeavyUsers(database.kysely, policy, overseer.clock())
    for (const user of users) {
      if (signal?.aborted === true) return
      try {
        // oxlint-disable-next-line no-await-in-loop
        await apply(overseer, policy, user)
      } catch (error) {
        onFailure(policy.name, user.accountId, error)
      }
    }
  }
}

async function apply(
  overseer: Overseer,
  policy: OversightPolicy,
  { accountId, value, last }: HeavyUser,
): Promise<void> {
  const { database, clock, forget } = overseer
  const nowMs = clock().getTime()
  const decision = decide(policy, { value, last, nowMs, nextLookMs: NEXT_LOOK_MS })
  if (decision === null) return
  const act = decision === 'take' ? take : prolong
  await database.kysely.transaction().execute(async (trx) => {
    if ((await lockAccount(trx, accountId)) !== null)
      await act(trx, overseer, { policy, accountId, value })
  })
  // Other gateways are told by the database.
  forget(accountId)
}

interface Case {
  readonly policy: OversightPolicy
  readonly accountId: string
  readonly value: number
}

async function take(trx: Transaction<DB>, overseer: Overseer, given: Case): Promise<void> {
  const { policy, accountId } = given
  const { step, pace, name } = policy
  const now = overseer.clock()
  const other = await trx
    .selectFrom('intervention')
    .select('id')
    .where('account_id', '=', accountId)
    .where('api_key_id', 'is', null)
    .where('step', '=', step)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', now)]))
    .executeTakeFirst()
  // Somebody has done that already, and said for how long.
  if (other !== undefined) return
  const reason = reasonOf(given)
  const until = new Date(now.getTime() + policy.forHours * HOUR_MS)
  const by = { policy: name }
  const id = await takeStep(trx, overseer, {
    accountId,
    keyId: null,
    step,
    pace,
    reason,
    until,
    by,
  })
  await note(trx, { accountId, id, action: `intervene-${step}`, reason, at: now })
}

async function prolong(trx: Transaction<DB>, overseer: Overseer, given: Case): Promise<void> {
  const { policy, accountId } = given
  const now = overseer.clock()
  const until = new Date(now.getTime() + policy.forHours * HOUR_MS)
  const prolonged = await trx
    .updateTable('intervention')
    .set({ until })
    .where('account_id', '=', accountId)
    .where('policy', '=', policy.name)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (prolonged === undefined) return
  const reason = reasonOf(given)
  const details = { step: policy.step, keyId: null, reason, until }
  await tell(trx, overseer, { accountId, kind: 'intervention', details })
  await note(trx, { accountId, id: prolonged.id, action: 'prolong-intervention', reason, at: now })
}

function reasonOf({ policy, value }: Case): string {
  const { name, measure, over, above } = policy
  return `${NAMES[measure]} within ${over === 'hour' ? 'an' : 'a'} ${over}: ${Math.round(value)}; ${above} or more are too many (policy ${name}).`
}

const NAMES = {
  points: 'Points',
  operations: 'Operations',
  refusals: 'Refused operations',
  databaseMs: 'Milliseconds of the database',
  bytes: 'Bytes of answers',
} as const satisfies Record<OversightPolicy['measure'], string>

interface Noted {
  readonly accountId: string
  readonly id: string
  readonly action: string
  readonly reason: string
  readonly at: Date
}

function note(trx: Transaction<DB>, { accountId, id, action, reason, at }: Noted): Promise<void> {
  const subject = formatId('itv', id)
  const nobody = { actorId: null, actorKind: 'gateway', credentialId: null } as const
  return recordAct(trx, { ...nobody, accountId, action, subject, reason, at })
}
