import { z } from 'zod'
import type { AccountRole } from '../../database/tables.generated.ts'
import { ROLE_CAPS } from '../access.ts'
import type { ActContext, Outcome } from '../act.ts'
import { idSchema } from '../id-schema.ts'
import { problem } from '../problems.ts'
import { transactOnce } from '../transact.ts'
import { changeAccount } from './change-account.ts'
import { reasonSchema } from './close-account.ts'
import { refuseOwn } from './refuse-own.ts'
import { lockAccount } from './subject-account.ts'

const ROLES = Object.keys(ROLE_CAPS) as AccountRole[] // its type says so

export const setRoleSchema = z.object({
  input: z.object({
    account: idSchema,
    role: z.string().toLowerCase().pipe(z.enum(ROLES)),
    reason: reasonSchema,
  }),
})

/**
 * Gives another account a role. Keys and sessions above what it gives sink to that with their next request.
 * @throws {ApiError} INPUT_INVALID for one's own account: so there is always an admin left
 */
export function setRole(
  context: ActContext,
  { input }: z.infer<typeof setRoleSchema>,
): Promise<Outcome> {
  const { role } = input
  refuseOwn(context, input.account)
  return transactOnce(context, input, async (trx) => {
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
