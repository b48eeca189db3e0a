import { apiError } from '../../errors.ts'
import { type ActContext, accountOf } from '../act.ts'

/**
 * Nobody does this to the own account: so there is always somebody left who can undo it.
 * @throws {ApiError} INPUT_INVALID where the account is the caller's
 */
export function refuseOwn(context: ActContext, account: string | null): void {
  if (account !== accountOf(context)) return
  const message = 'Nobody does this to the own account. Ask another administrator.'
  throw apiError('INPUT_INVALID', {
    problems: [{ code: 'INPUT_INVALID', path: 'input.account', message }],
  })
}
