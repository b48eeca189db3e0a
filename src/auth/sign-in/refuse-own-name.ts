import type { Transaction } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import { apiError } from '../../errors.ts'
import { place } from '../../vault/sealed-rows.ts'
import { normalizeLabel } from '../../vault/vault.ts'
import type { Acts } from '../act.ts'

/** A password that is about to be set. */
export interface OwnPassword {
  readonly accountId: string
  readonly password: string
  /** Where it stands in the input, dotted. */
  readonly path: string
}

/**
 * Nobody has the own username, or what stands before the @ of the own address, within the password.
 * @throws {ApiError} INPUT_INVALID where that is so
 */
export async function refuseOwnName(
  trx: Transaction<DB>,
  { vault }: Pick<Acts, 'vault'>,
  { accountId, password, path }: OwnPassword,
): Promise<void> {
  const { username, label } = await trx
    .selectFrom('account')
    .select(['username', 'label'])
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  const where = place('account', 'label', { row: accountId, owner: accountId })
  const address = vault.openLabel(label, where)
  if (!holdsName(password, [username, localPart(address)])) return
  throw apiError('INPUT_INVALID', { problems: [{ code: 'INPUT_INVALID', path, message: MESSAGE }] })
}

const MESSAGE = 'A password does not hold the username, or the beginning of the e-mail address.'

/** Shorter names are parts of too many words. */
const NAME_LENGTH_MIN = 4

/** Whether one of these names, of four characters or more, is part of the password, in whatever letter case. */
export function holdsName(password: string, names: readonly string[]): boolean {
  const text = normalizeLabel(password)
  return names.map(normalizeLabel).some((name) => {
    return Array.from(name).length >= NAME_LENGTH_MIN && text.includes(name)
  })
}

function localPart(address: string): string {
  return address.slice(0, address.lastIndexOf('@'))
}
