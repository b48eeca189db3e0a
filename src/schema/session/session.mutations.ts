import {
  changeEmail,
  changeEmailSchema,
  confirmEmail,
  confirmEmailSchema,
} from '../../auth/sign-in/change-email.ts'
import {
  changePassword,
  changePasswordSchema,
  resetPassword,
  resetPasswordSchema,
} from '../../auth/sign-in/change-password.ts'
import { confirmSignUp, confirmSignUpSchema } from '../../auth/sign-in/confirm-sign-up.ts'
import { SESSION_DAYS } from '../../auth/sign-in/open-session.ts'
import { refreshSession, refreshSessionSchema } from '../../auth/sign-in/refresh-session.ts'
import {
  requestMailSchema,
  requestPasswordReset,
  requestSignInLink,
  signUp,
  signUpSchema,
} from '../../auth/sign-in/request-mail.ts'
import {
  disableTotp,
  disableTotpSchema,
  enableTotp,
  enableTotpSchema,
  verifySecondFactor,
  verifyTotpSchema,
} from '../../auth/sign-in/second-factor.ts'
import {
  signIn,
  signInSchema,
  signInWithLink,
  signInWithLinkSchema,
} from '../../auth/sign-in/sign-in.ts'
import {
  signOut,
  signOutEverywhere,
  signOutEverywhereSchema,
  signOutSchema,
} from '../../auth/sign-in/sign-out.ts'
import { builder } from '../builder.ts'
import { FREE, FREE_FILTER } from '../directives.ts'
import { Language } from '../enums.ts'
import { act, resultOf } from '../mutation.ts'
import {
  LinkInvalid,
  NotFound,
  PasswordWrong,
  SecondFactorState,
  SecondFactorWrong,
  SessionEnded,
  SignInFailed,
  UsernameTaken,
} from '../problem.ts'

const alone = { isAlone: true } as const
const AT_ONCE = 'Stands alone in an operation.'

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

const SignedIn = builder.objectRef<object>('SignedIn').implement({
  description: 'An open session.',
  extensions: FREE,
  fields: (t) => ({
    account: t.id({ scope: 'public', description: 'The account: `acc_…`.' }),
    session: t.id({ scope: 'public', description: 'The session: `ses_…`.' }),
    accessToken: t.string({
      scope: 'public',
      nullable: true,
      description: 'Send it as `Authorization: Bearer`; null where it is a cookie.',
    }),
    accessTokenExpiresAt: t.field({
      type: 'DateTime',
      scope: 'public',
      description: 'Refresh the session before.',
    }),
    refreshToken: t.string({
      scope: 'public',
      nullable: true,
      description: 'Good for one `refreshSession`; null where it is a cookie.',
    }),
    refreshTokenExpiresAt: t.field({
      type: 'DateTime',
      scope: 'public',
      description: `Without a refresh the session ends then, ${SESSION_DAYS} days from now.`,
    }),
  }),
})

const SecondFactorNeeded = builder.objectRef<object>('SecondFactorNeeded').implement({
  description:
    'The first factor was right; `verifyTotp` with this challenge and a code opens the session.',
  extensions: FREE,
  fields: (t) => ({
    challenge: t.string({ scope: 'public', nullable: true, description: 'Good for one session.' }),
    expiresAt: t.field({ type: 'DateTime', scope: 'public', description: 'In a few minutes.' }),
  }),
})

const MailAccepted = builder.objectRef<object>('MailAccepted').implement({
  description:
    'The answer comes by mail, if there is one to give: this says nothing of whether an account exists.',
  extensions: FREE,
  fields: (t) => ({ accepted: t.boolean({ scope: 'public', description: 'Always true.' }) }),
})

const PasswordChanged = builder.objectRef<object>('PasswordChanged').implement({
  description: 'The new password holds.',
  extensions: FREE,
  fields: (t) => ({
    sessionsEnded: t.int({ scope: 'public', description: 'Sessions that it ended.' }),
  }),
})

const EmailChanged = builder.objectRef<object>('EmailChanged').implement({
  description: 'The new address holds.',
  extensions: FREE,
  fields: (t) => ({ changed: t.boolean({ scope: 'public', description: 'Always true.' }) }),
})

const SignedOut = builder.objectRef<object>('SignedOut').implement({
  description: 'Sessions have ended.',
  extensions: FREE,
  fields: (t) => ({
    sessions: t.int({ scope: 'own-sessions:write', description: 'How many.' }),
  }),
})

const EnableTotpPayload = builder.objectRef<object>('EnableTotpPayload').implement({
  description:
    'A second factor: first its secret, then, once a code has proved it, the recovery codes.',
  extensions: FREE,
  fields: (t) => ({
    enabled: t.boolean({
      scope: 'own-sign-in:write',
      description: 'Whether it is asked for from now on.',
    }),
    secret: t.string({
      scope: 'own-sign-in:write',
      nullable: true,
      description: 'In base32, for an authenticator; null once it is enabled.',
    }),
    uri: t.string({
      scope: 'own-sign-in:write',
      nullable: true,
      description: 'The same as `otpauth://`, for a QR code; null once it is enabled.',
    }),
    recoveryCodes: t.stringList({
      scope: 'own-sign-in:write',
      nullable: true,
      price: 'scalar-list',
      atMost: 10,
      description: 'Each opens the account once without the authenticator: told this once.',
    }),
  }),
})

const DisableTotpPayload = builder.objectRef<object>('DisableTotpPayload').implement({
  description: 'The account has no second factor any more.',
  extensions: FREE,
  fields: (t) => ({
    enabled: t.boolean({ scope: 'own-sign-in:write', description: 'Always false.' }),
  }),
})

const SignInResult = resultOf('SignInResult', SignedIn, [SecondFactorNeeded, SignInFailed])
const LinkSignInResult = resultOf('LinkSignInResult', SignedIn, [SecondFactorNeeded, LinkInvalid])

const SignUpInput = builder.inputType('SignUpInput', {
  description: 'Who wants an account.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Where the link to confirm it goes.' }),
    language: t.field({
      type: Language,
      description: 'Preferred language; English where it is absent.',
    }),
  }),
})
const EmailInput = builder.inputType('EmailInput', {
  description: 'Whose mail is asked for.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'The address of an account.' }),
  }),
})
const ConfirmSignUpInput = builder.inputType('ConfirmSignUpInput', {
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
const SignInInput = builder.inputType('SignInInput', {
  description: 'Who signs in.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Username or e-mail address.' }),
    password: t.string({ required: true, description: 'The password.' }),
    delivery: delivery(t),
  }),
})
const SignInWithLinkInput = builder.inputType('SignInWithLinkInput', {
  description: 'The link that signs in.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token of the link.' }),
    delivery: delivery(t),
  }),
})
const VerifyTotpInput = builder.inputType('VerifyTotpInput', {
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
const RefreshSessionInput = builder.inputType('RefreshSessionInput', {
  description: 'The session to go on with.',
  fields: (t) => ({
    refreshToken: t.string({
      description: 'Its latest refresh token; absent where that is a cookie.',
    }),
    delivery: delivery(t),
  }),
})
const SignOutInput = builder.inputType('SignOutInput', {
  description: 'The session to end.',
  fields: (t) => ({
    id: t.id({ description: 'An own session; the one that asks where it is absent.' }),
  }),
})
const ChangePasswordInput = builder.inputType('ChangePasswordInput', {
  description: 'Another password.',
  fields: (t) => ({
    password: t.string({
      description:
        'The present one; absent where there is none and the session is younger than ten minutes.',
    }),
    newPassword: t.string({ required: true, description: '10 to 256 characters.' }),
  }),
})
const ResetPasswordInput = builder.inputType('ResetPasswordInput', {
  description: 'Another password.',
  fields: (t) => ({
    token: t.string({ required: true, description: 'The token of the link.' }),
    newPassword: t.string({ required: true, description: '10 to 256 characters.' }),
  }),
})
const ChangeEmailInput = builder.inputType('ChangeEmailInput', {
  description: 'Another address.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'Where the link to confirm it goes.' }),
    password: t.string({
      description:
        'The present password; absent where there is none and the session is younger than ten minutes.',
    }),
  }),
})
const ConfirmEmailInput = builder.inputType('ConfirmEmailInput', {
  description: 'The link that was mailed to the new address.',
  fields: (t) => ({ token: t.string({ required: true, description: 'The token of the link.' }) }),
})
const EnableTotpInput = builder.inputType('EnableTotpInput', {
  description: 'First without a code, then with one.',
  fields: (t) => ({
    code: t.string({ description: 'Made from the secret that was answered before.' }),
  }),
})
const DisableTotpInput = builder.inputType('DisableTotpInput', {
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

builder.mutationFields((t) => {
  const input = <Type extends Parameters<typeof t.arg>[0]['type']>(type: Type) => ({
    input: t.arg({
      type,
      required: true,
      description: 'What it takes.',
      extensions: FREE_FILTER,
    }),
  })
  const open = { scope: 'public', price: 'mutation' } as const
  const session = { scope: 'own-sessions:write', price: 'mutation' } as const
  const signing = { scope: 'own-sign-in:write', price: 'mutation' } as const
  return {
    signUp: t.field({
      ...open,
      type: MailAccepted,
      description: `Asks for an account: a link to confirm the address is mailed. ${AT_ONCE}`,
      args: input(SignUpInput),
      source: act(signUpSchema, signUp, alone),
    }),
    confirmSignUp: t.field({
      ...open,
      type: resultOf('ConfirmSignUpResult', SignedIn, [LinkInvalid, UsernameTaken]),
      description: `Opens the account whose address the link confirms. ${AT_ONCE}`,
      args: input(ConfirmSignUpInput),
      source: act(confirmSignUpSchema, confirmSignUp, alone),
    }),
    signIn: t.field({
      ...open,
      type: SignInResult,
      description: `Opens a session by password. ${AT_ONCE}`,
      args: input(SignInInput),
      source: act(signInSchema, signIn, alone),
    }),
    requestSignInLink: t.field({
      ...open,
      type: MailAccepted,
      description: `Has a link mailed that signs in once. ${AT_ONCE}`,
      args: input(EmailInput),
      source: act(requestMailSchema, requestSignInLink, alone),
    }),
    signInWithLink: t.field({
      ...open,
      type: LinkSignInResult,
      description: `Opens a session by a mailed link. ${AT_ONCE}`,
      args: input(SignInWithLinkInput),
      source: act(signInWithLinkSchema, signInWithLink, alone),
    }),
    verifyTotp: t.field({
      ...open,
      type: resultOf('VerifyTotpResult', SignedIn, [SecondFactorWrong, SignInFailed]),
      description: `Opens a session whose first factor was right. ${AT_ONCE}`,
      args: input(VerifyTotpInput),
      source: act(verifyTotpSchema, verifySecondFactor, alone),
    }),
    enableTotp: t.field({
      ...signing,
      type: resultOf('EnableTotpResult', EnableTotpPayload, [SecondFactorWrong, SecondFactorState]),
      description: `Gives the account a second factor, in two steps: first its secret, then a code that proves it. ${AT_ONCE}`,
      args: input(EnableTotpInput),
      source: act(enableTotpSchema, enableTotp, alone),
    }),
    disableTotp: t.field({
      ...signing,
      type: resultOf('DisableTotpResult', DisableTotpPayload, [
        SecondFactorWrong,
        SecondFactorState,
      ]),
      description: `Takes the second factor away. ${AT_ONCE}`,
      args: input(DisableTotpInput),
      source: act(disableTotpSchema, disableTotp, alone),
    }),
    refreshSession: t.field({
      ...open,
      type: resultOf('RefreshSessionResult', SignedIn, [SessionEnded]),
      description: `New tokens for a session. A refresh token that is used twice ends it. ${AT_ONCE}`,
      args: input(RefreshSessionInput),
      source: act(refreshSessionSchema, refreshSession, alone),
    }),
    signOut: t.field({
      ...session,
      type: resultOf('SignOutResult', SignedOut, [NotFound]),
      description: 'Ends a session.',
      args: {
        input: t.arg({
          type: SignOutInput,
          description: 'Which; the one that asks where it is absent.',
          extensions: FREE_FILTER,
        }),
      },
      source: act(signOutSchema, signOut, { ids: { id: 'ses' } }),
    }),
    signOutEverywhere: t.field({
      ...session,
      type: SignedOut,
      description: 'Ends every session of the account. API keys live on.',
      source: act(signOutEverywhereSchema, signOutEverywhere),
    }),
    requestPasswordReset: t.field({
      ...open,
      type: MailAccepted,
      description: `Has a link mailed that sets a new password once. ${AT_ONCE}`,
      args: input(EmailInput),
      source: act(requestMailSchema, requestPasswordReset, alone),
    }),
    resetPassword: t.field({
      ...open,
      type: resultOf('ResetPasswordResult', PasswordChanged, [LinkInvalid]),
      description: `Sets a new password by a mailed link, and ends every session. ${AT_ONCE}`,
      args: input(ResetPasswordInput),
      source: act(resetPasswordSchema, resetPassword, alone),
    }),
    changePassword: t.field({
      ...signing,
      type: resultOf('ChangePasswordResult', PasswordChanged, [PasswordWrong]),
      description: `Sets a new password, and ends every other session. ${AT_ONCE}`,
      args: input(ChangePasswordInput),
      source: act(changePasswordSchema, changePassword, alone),
    }),
    changeEmail: t.field({
      ...signing,
      type: resultOf('ChangeEmailResult', MailAccepted, [PasswordWrong]),
      description: `Has a link mailed to a new address. ${AT_ONCE}`,
      args: input(ChangeEmailInput),
      source: act(changeEmailSchema, changeEmail, alone),
    }),
    confirmEmail: t.field({
      ...open,
      type: resultOf('ConfirmEmailResult', EmailChanged, [LinkInvalid]),
      description: `Makes the address that the link went to the account’s. ${AT_ONCE}`,
      args: input(ConfirmEmailInput),
      source: act(confirmEmailSchema, confirmEmail, alone),
    }),
  }
})
