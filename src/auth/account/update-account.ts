import { z } from 'zod'
import { pictureSchema } from '../../picture-address.ts'
import { joinBody, splitBody } from '../../vault/seal-row.ts'
import { place, SEALED_ROWS } from '../../vault/sealed-rows.ts'
import type { Vault } from '../../vault/vault.ts'
import type { ActContext, Outcome } from '../act.ts'
import { idSchema } from '../id-schema.ts'
import { problem } from '../problems.ts'
import { languageSchema } from '../sign-in/input.ts'
import { transactOnce } from '../transact.ts'
import { changeAccount } from './change-account.ts'
import { lockAccount, subjectOf } from './subject-account.ts'

/** In UTF-8. */
export const BIO_BYTES = 16_000

const bioSchema = z
  .string()
  .refine((bio) => Buffer.byteLength(bio) <= BIO_BYTES, `A bio has at most ${BIO_BYTES} bytes.`)

export const updateAccountSchema = z.object({
  input: z.object({
    account: idSchema.optional(),
    bio: bioSchema.nullable().optional(),
    image: pictureSchema.nullable().optional(),
    units: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['metric', 'imperial']))
      .optional(),
    language: languageSchema.optional(),
    newsletter: z.boolean().optional(),
    control: z.int().min(1).max(5, 'Accepted are 1 (little) to 5 (all).').optional(),
  }),
})

type Input = z.infer<typeof updateAccountSchema>['input']

/** Changes profile and preferences: what is not given stays, and a bio or picture that is null goes. */
export function updateAccount(
  context: ActContext,
  { input }: z.infer<typeof updateAccountSchema>,
): Promise<Outcome> {
  const accountId = subjectOf(context, input.account)
  if (accountId === null) return Promise.resolve(problem('NotFound'))
  return transactOnce(context, async (trx) => {
    const account = await lockAccount(trx, accountId)
    if (account === null) return problem('NotFound')
    const set = {
      ...bodyOf(context.vault, account, input),
      ...(input.units === undefined ? {} : { units: input.units }),
      ...(input.language === undefined ? {} : { language: input.language }),
      ...(input.newsletter === undefined ? {} : { newsletter: input.newsletter }),
      ...(input.control === undefined ? {} : { control: input.control }),
    }
    if (Object.keys(set).length > 0) {
      await changeAccount(trx, context, { accountId, set, action: 'update-account' })
    }
    return { type: 'UpdateAccountPayload', rows: { account: accountId, profile: accountId } }
  })
}

/** The sealed bio and picture, where one of them changes. */
function bodyOf(
  vault: Vault,
  account: { readonly id: string; readonly body: string },
  { bio, image }: Input,
): { readonly body?: string } {
  if (bio === undefined && image === undefined) return {}
  const where = place('account', 'body', { row: account.id, owner: account.id })
  const known = splitBody(vault.open(account.body, where))
  const given = { bio, image }
  const members = SEALED_ROWS.account.body.map((name, i): unknown => {
    const value = given[name]
    return value === undefined ? JSON.parse(known[i] ?? 'null') : value
  })
  return { body: vault.seal(joinBody(members), where) }
}
