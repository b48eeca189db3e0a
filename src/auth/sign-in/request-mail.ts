import { v7 } from 'uuid'
import { z } from 'zod'
import type { MailRequestKind } from '../../database/tables.generated.ts'
import { sealRow } from '../../vault/seal-row.ts'
import type { ActContext, Outcome } from '../act.ts'
import { takeGuess } from './guesses.ts'
import { emailSchema, languageSchema, type LANGUAGES } from './input.ts'

export const signUpSchema = z.object({
  input: z.object({
    email: emailSchema,
    language: languageSchema.nullish().transform((language) => language ?? 'en'),
  }),
})

export const requestMailSchema = z.object({ input: z.object({ email: emailSchema }) })

/** What a request under an e-mail address holds until it is looked up. */
export interface AskedByMail {
  readonly email: string
  readonly language?: (typeof LANGUAGES)[number]
  /** Of a change of the address: whose. */
  readonly accountId?: string
}

/**
 * Notes that somebody asks under this address: a job answers by mail. Nothing is looked up before: so it takes as long, and
 * answers the same, whether there is such an account or not.
 * @throws {ApiError} RATE_LIMITED
 */
export function signUp(
  context: ActContext,
  { input }: z.infer<typeof signUpSchema>,
): Promise<Outcome> {
  return requestMail(context, 'sign_up', input)
}

export function requestSignInLink(
  context: ActContext,
  { input }: z.infer<typeof requestMailSchema>,
): Promise<Outcome> {
  return requestMail(context, 'sign_in_link', input)
}

export function requestPasswordReset(
  context: ActContext,
  { input }: z.infer<typeof requestMailSchema>,
): Promise<Outcome> {
  return requestMail(context, 'reset_password', input)
}

async function requestMail(
  context: ActContext,
  kind: MailRequestKind,
  asked: AskedByMail,
): Promise<Outcome> {
  const { caller, database } = context
  await takeGuess(context, {
    kind: kind === 'sign_up' ? 'sign-up' : 'mailed-link',
    account: asked.email,
    address: caller.address,
  })
  await noteMailRequest(database.kysely, context, { kind, asked })
  context.mailsWait()
  return { type: 'MailAccepted', values: { accepted: true } }
}

/** The job that answers requests under e-mail addresses finds this one. */
export async function noteMailRequest(
  kysely: ActContext['database']['kysely'],
  { vault, clock }: Pick<ActContext, 'vault' | 'clock'>,
  { kind, asked }: { readonly kind: MailRequestKind; readonly asked: AskedByMail },
): Promise<void> {
  const now = clock()
  const id = v7({ msecs: now.getTime() })
  const sealed = sealRow(
    vault,
    'mail_request',
    { row: id, owner: id },
    { asked: JSON.stringify(asked) },
  )
  await kysely
    .insertInto('mail_request')
    .values({ id, kind, ...sealed, created_at: now })
    .execute()
}
