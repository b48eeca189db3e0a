import type { z } from 'zod'
import { place } from '../../vault/sealed-rows.ts'
import { normalizeLabel } from '../../vault/vault.ts'
import type { Acts } from '../act.ts'
import { passwordSchema } from './passwords.ts'

/** What nobody has within the own password: the username, and what stands before the @ of the e-mail address. */
export interface OwnNames {
  readonly username: string
  readonly localPart: string
}

/** The names of the account; null for no account. */
export async function ownNames(
  { database, vault }: Pick<Acts, 'database' | 'vault'>,
  accountId: string | null,
): Promise<OwnNames | null> {
  if (accountId === null) return null
  const { username, label } = await database.kysely
    .selectFrom('account')
    .select(['username', 'label'])
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  const address = vault.openLabel(
    label,
    place('account', 'label', { row: accountId, owner: accountId }),
  )
  return { username, localPart: address.slice(0, address.lastIndexOf('@')) }
}

/** A password that may be set by whoever has these names. */
export function ownPassword(names: OwnNames | null): z.ZodType<string> {
  if (names === null) return passwordSchema
  return passwordSchema.refine(
    (password) => !holdsName(password, [names.username, names.localPart]),
    'A password does not hold the username, or the beginning of the e-mail address.',
  )
}

/** Shorter names are parts of too many words. */
const NAME_LENGTH_MIN = 4

/** Whether one of these names, of four characters or more, is part of the password, in whatever letter case. */
export function holdsName(password: string, names: readonly string[]): boolean {
  const text = normalizeLabel(password)
  return names.map(normalizeLabel).some((name) => {
    return Array.from(name).length >= NAME_LENGTH_MIN && text.includes(name)
  })
}
