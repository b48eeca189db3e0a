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
import { FREE_FILTER } from '../directives.ts'
import { act, inputOf, resultOf } from '../mutation.ts'
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
import {
  ChangeEmailInput,
  ChangePasswordInput,
  ConfirmEmailInput,
  ConfirmSignUpInput,
  DisableTotpInput,
  EmailInput,
  EnableTotpInput,
  RefreshSessionInput,
  ResetPasswordInput,
  SignInInput,
  SignInWithLinkInput,
  SignOutInput,
  SignUpInput,
  VerifyTotpInput,
} from './session.inputs.ts'
import {
  DisableTotpPayload,
  EmailChanged,
  EnableTotpPayload,
  MailAccepted,
  PasswordChanged,
  SecondFactorNeeded,
  SignedIn,
  SignedOut,
} from './session.payloads.ts'

const alone = { isAlone: true } as const
const AT_ONCE = 'Stands alone in an operation.'

const SignInResult = resultOf('SignInResult', SignedIn, [SecondFactorNeeded, SignInFailed])
const LinkSignInResult = resultOf('LinkSignInResult', SignedIn, [SecondFactorNeeded, LinkInvalid])

builder.mutationFields((t) => {
  const open = { scope: 'public', price: 'mutation' } as const
  const session = { scope: 'own-sessions:write', price: 'mutation' } as const
  const signing = { scope: 'own-sign-in:write', price: 'mutation' } as const
  return {
    signUp: t.field({
      ...open,
      type: MailAccepted,
      description: `Asks for an account: a link to confirm the address is mailed. ${AT_ONCE}`,
      args: inputOf(SignUpInput),
      source: act(signUpSchema, signUp, alone),
    }),
    confirmSignUp: t.field({
      ...open,
      type: resultOf('ConfirmSignUpResult', SignedIn, [LinkInvalid, UsernameTaken]),
      description: `Opens the account whose address the link confirms. ${AT_ONCE}`,
      args: inputOf(ConfirmSignUpInput),
      source: act(confirmSignUpSchema, confirmSignUp, alone),
    }),
    signIn: t.field({
      ...open,
      type: SignInResult,
      description: `Opens a session by password. ${AT_ONCE}`,
      args: inputOf(SignInInput),
      source: act(signInSchema, signIn, alone),
    }),
    requestSignInLink: t.field({
      ...open,
      type: MailAccepted,
      description: `Has a link mailed that signs in once. ${AT_ONCE}`,
      args: inputOf(EmailInput),
      source: act(requestMailSchema, requestSignInLink, alone),
    }),
    signInWithLink: t.field({
      ...open,
      type: LinkSignInResult,
      description: `Opens a session by a mailed link. ${AT_ONCE}`,
      args: inputOf(SignInWithLinkInput),
      source: act(signInWithLinkSchema, signInWithLink, alone),
    }),
    verifyTotp: t.field({
      ...open,
      type: resultOf('VerifyTotpResult', SignedIn, [SecondFactorWrong, SignInFailed]),
      description: `Opens a session whose first factor was right. ${AT_ONCE}`,
      args: inputOf(VerifyTotpInput),
      source: act(verifyTotpSchema, verifySecondFactor, alone),
    }),
    enableTotp: t.field({
      ...signing,
      type: resultOf('EnableTotpResult', EnableTotpPayload, [SecondFactorWrong, SecondFactorState]),
      description: `Gives the account a second factor, in two steps: first its secret, then a code that proves it. ${AT_ONCE}`,
      args: inputOf(EnableTotpInput),
      source: act(enableTotpSchema, enableTotp, alone),
    }),
    disableTotp: t.field({
      ...signing,
      type: resultOf('DisableTotpResult', DisableTotpPayload, [
        SecondFactorWrong,
        SecondFactorState,
      ]),
      description: `Takes the second factor away. ${AT_ONCE}`,
      args: inputOf(DisableTotpInput),
      source: act(disableTotpSchema, disableTotp, alone),
    }),
    refreshSession: t.field({
      ...open,
      type: resultOf('RefreshSessionResult', SignedIn, [SessionEnded]),
      description: `New tokens for a session. A refresh token that is used twice ends it. ${AT_ONCE}`,
      args: inputOf(RefreshSessionInput),
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
      args: inputOf(EmailInput),
      source: act(requestMailSchema, requestPasswordReset, alone),
    }),
    resetPassword: t.field({
      ...open,
      type: resultOf('ResetPasswordResult', PasswordChanged, [LinkInvalid]),
      description: `Sets a new password by a mailed link, and ends every session. ${AT_ONCE}`,
      args: inputOf(ResetPasswordInput),
      source: act(resetPasswordSchema, resetPassword, alone),
    }),
    changePassword: t.field({
      ...signing,
      type: resultOf('ChangePasswordResult', PasswordChanged, [PasswordWrong]),
      description: `Sets a new password, and ends every other session. ${AT_ONCE}`,
      args: inputOf(ChangePasswordInput),
      source: act(changePasswordSchema, changePassword, alone),
    }),
    changeEmail: t.field({
      ...signing,
      type: resultOf('ChangeEmailResult', MailAccepted, [PasswordWrong]),
      description: `Has a link mailed to a new address. ${AT_ONCE}`,
      args: inputOf(ChangeEmailInput),
      source: act(changeEmailSchema, changeEmail, alone),
    }),
    confirmEmail: t.field({
      ...open,
      type: resultOf('ConfirmEmailResult', EmailChanged, [LinkInvalid]),
      description: `Makes the address that the link went to the account’s. ${AT_ONCE}`,
      args: inputOf(ConfirmEmailInput),
      source: act(confirmEmailSchema, confirmEmail, alone),
    }),
  }
})
