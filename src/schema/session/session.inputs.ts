import { builder } from '../builder.ts'
import { Language } from '../enums.ts'

const SessionDelivery = builder.enumType('SessionDelivery', {
  description: 'How a client gets what it proves a session with.',
  values: {
    TOKENS: { value: 'tokens', description: 'In the answer, for tools: sent as Bearer.' },
    COOKIES: {
      value: 'cookies',
      description:
        'As cookies that no script can read, for pages of an allowed origin that send the header `Maat-Request: 1`.',
    },
  } as const,
})

const ConsentGiven = builder.enumType('ConsentGiven', {
  description: 'What a person agrees to when an account is opened.',
  values: {
    ACCOUNT: { value: 'account', description: 'Account data may be processed.' },
    MEASUREMENTS: {
      value: 'measurements',
      description: 'Account data and measurements may be processed.',
    },
  } as const,
})

export const SignUpInput = builder.inputType('SignUpInput', {
  description: 'Who wants an account.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Where the link to confirm it goes.' }),
    language: t.field({
      type: Language,
      description: 'Preferred language; English where it is absent.',
    }),
  }),
})
export const EmailInput = builder.inputType('EmailInput', {
  description: 'Whose mail is asked for.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'The address of an account.' }),
  }),
})
export const ConfirmSignUpInput = builder.inputType('ConfirmSignUpInput', {
  description: 'A new account.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token of the link.' }),
    consent: t.field({ type: ConsentGiven, required: true, description: 'What you agree to.' }),
    username: t.string({
      description: 'Unique, 2 to 40 characters; one is made up where it is absent.',
    }),
    password: t.string({
      description: '10 to 256 characters; without it links alone open the account.',
    }),
    delivery: delivery(t),
  }),
})
export const SignInInput = builder.inputType('SignInInput', {
  description: 'Who signs in.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Username or e-mail address.' }),
    password: t.string({ required: true, description: 'The password.' }),
    delivery: delivery(t),
  }),
})
export const SignInWithLinkInput = builder.inputType('SignInWithLinkInput', {
  description: 'The link that signs in.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token of the link.' }),
    delivery: delivery(t),
  }),
})
export const VerifyTotpInput = builder.inputType('VerifyTotpInput', {
  description: 'The second factor.',
  fields: (t) => ({
    challenge: t.string({ required: true, description: 'What the first factor has answered.' }),
    code: t.string({
      required: true,
      description: 'Six digits of this moment, or a recovery code.',
    }),
    delivery: delivery(t),
  }),
})
export const RefreshSessionInput = builder.inputType('RefreshSessionInput', {
  description: 'The session to go on with.',
  fields: (t) => ({
    refreshToken: t.string({
      description: 'Its latest refresh token; absent where that is a cookie.',
    }),
    delivery: delivery(t),
  }),
})
export const SignOutInput = builder.inputType('SignOutInput', {
  description: 'The session to end.',
  fields: (t) => ({
    id: t.id({ description: 'An own session; the one that asks where it is absent.' }),
  }),
})
export const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'Another password.',
  fields: (t) => ({
    password: t.string({
      description:
        'The present one; absent where there is none and the session is younger than ten minutes.',
    }),
    newPassword: t.string({ required: true, description: '10 to 256 characters.' }),
  }),
})
export const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'Another password.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token of the link.' }),
    newPassword: t.string({ required: true, description: '10 to 256 characters.' }),
  }),
})
export const ChangeEmailInput = builder.inputType('ChangeEmailInput', {
  description: 'Another address.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Where the link to confirm it goes.' }),
    password: t.string({
      description:
        'The present password; absent where there is none and the session is younger than ten minutes.',
    }),
  }),
})
export const ConfirmEmailInput = builder.inputType('ConfirmEmailInput', {
  description: 'The link that was mailed to the new address.',
  fields: (t) => ({ token: t.string({ required: true, description: 'The token of the link.' }) }),
})
export const EnableTotpInput = builder.inputType('EnableTotpInput', {
  description: 'First without a code, then with one.',
  fields: (t) => ({
    code: t.string({ description: 'Made from the secret that was answered before.' }),
  }),
})
export const DisableTotpInput = builder.inputType('DisableTotpInput', {
  description: 'Proof of the second factor.',
  fields: (t) => ({
    code: t.string({
      required: true,
      description: 'Six digits of this moment, or a recovery code.',
    }),
  }),
})

type InputFields = Parameters<Parameters<typeof builder.inputType>[1]['fields']>[0]

function delivery(t: InputFields) {
  return t.field({
    type: SessionDelivery,
    required: true,
    defaultValue: 'tokens',
    description: 'How the session is proved from now on.',
  })
}
