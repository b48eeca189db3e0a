import { z } from 'zod'
import type { AccountRole } from '../../database/tables.generated.ts'
import { ROLE_CAPS } from '../access.ts'
import type { ActContext, Outcome } from '../act.ts'
import { problem } from '../problems.ts'
import { transactOnce } from '../transact.ts'
import { changeAccount } from './change-account.ts'
import { reasonSchema } from './close-account.ts'
import { anothersAccount } from './anothers-account.ts'
import { lockAccount } from './subject-account.ts'

const ROLES = Object.keys(ROLE_CAPS) as AccountRole[] // its type says so

export function setRoleSchema(context: ActContext) {
  return z.object({
    input: z.object({
      account: anothersAccount(context),
      role: z.string().toLowerCase().pipe(z.enum(ROLES)),
      reason: reasonSchema,
    }),
  })
}

type SetRole = z.infer<ReturnType<typeof setRoleSchema>>

/** Gives another account a role. Keys and sessions above what it gives sink to that with their next request. */
export function setRole(context: ActContext, { input }: SetRole): Promise<Outcome> {
  const { role } = input
  return transactOnce(context, async (trx) => {
    const account = await lockAccount(trx, input.account)
    if (account === null) return problem('NotFound')
    if (account.role !== role) {
      await changeAccount(trx, context, {
        accountId: account.id,
        set: { role },
        action: 'set-role',
        reason: input.reason,
      })
    }
    return {
      type: 'SetRolePayload',
      values: { role: role.toUpperCase() },
      rows: { profile: account.id },
      forgets: [account.id],
    }
  })
}
