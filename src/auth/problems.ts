import type { Outcome } from './act.ts'

/** What a client handles in the domain: type of the answer -> code and message. */
export const PROBLEMS = {
  NotFound: { code: 'NOT_FOUND', message: 'The id names nothing that you may change.' },
  VersionConflict: {
    code: 'VERSION_CONFLICT',
    message: 'It has changed since you read it. Read it again, and decide anew.',
  },
  SetInUse: {
    code: 'SET_IN_USE',
    message:
      'Other sets are based on this one. Say that they shall be detached, or delete them first.',
  },
  NotPublished: {
    code: 'NOT_PUBLISHED',
    message: 'The curated set is a draft: it was never published, so there is nothing to retire.',
  },
  TooManySuggestions: {
    code: 'TOO_MANY_SUGGESTIONS',
    message: 'The account has as many open suggestions as it may. Curators decide on them first.',
  },
  SuggestionDecided: {
    code: 'SUGGESTION_DECIDED',
    message: 'Somebody has accepted or declined the suggestion already.',
  },
  BulkExportRunning: {
    code: 'BULK_EXPORT_RUNNING',
    message: 'The account has a bulk export under way. Wait for its end, or cancel it.',
  },
  PatternWithoutSet: {
    code: 'PATTERN_WITHOUT_SET',
    message: 'The pattern names no set, or that is gone. Name another one with updatePattern.',
  },
  InterventionOver: {
    code: 'INTERVENTION_OVER',
    message: 'The intervention has been lifted or superseded already, or its time is over.',
  },
  LimitRequestOpen: {
    code: 'LIMIT_REQUEST_OPEN',
    message: 'The account has asked already. Wait for the answer.',
  },
  LimitRequestDecided: {
    code: 'LIMIT_REQUEST_DECIDED',
    message: 'Somebody has granted or declined the request already.',
  },
  TooManyKeys: {
    code: 'TOO_MANY_KEYS',
    message: 'The account has as many API keys as it may, or made too many within an hour.',
  },
  KeyNotLive: { code: 'KEY_NOT_LIVE', message: 'The API key has expired or was revoked.' },
  SignInFailed: { code: 'SIGN_IN_FAILED', message: 'That is not right. Check what you have sent.' },
  LinkInvalid: {
    code: 'LINK_INVALID',
    message: 'The link is wrong, was used, or is too old. Ask for another one.',
  },
  UsernameTaken: { code: 'USERNAME_TAKEN', message: 'Another account has this username.' },
  PasswordWrong: { code: 'PASSWORD_WRONG', message: 'The present password is not this one.' },
  SecondFactorWrong: {
    code: 'SECOND_FACTOR_WRONG',
    message: 'The code is wrong, was used already, or is not of this moment.',
  },
  SecondFactorState: {
    code: 'SECOND_FACTOR_STATE',
    message: 'The account has a second factor already, or has none.',
  },
  AccountState: {
    code: 'ACCOUNT_STATE',
    message: 'The present status of the account does not allow this.',
  },
  SessionEnded: {
    code: 'SESSION_ENDED',
    message: 'The session has ended, or this refresh token is not its latest. Sign in again.',
  },
} as const satisfies Record<string, { readonly code: string; readonly message: string }>

export type ProblemName = keyof typeof PROBLEMS

/** The outcome of an act that came to a problem: nothing has changed. `more` is what this one says beside code and message. */
export function problem(
  type: ProblemName,
  more: { readonly message?: string; readonly [member: string]: unknown } = {},
): Outcome {
  const { code, message } = PROBLEMS[type]
  return { type, values: { code, message, ...more } }
}

/** What a writer comes to who has read another version than the present one; null where that is the one. */
export function conflictWith(
  { version }: { readonly version: number },
  read: number | null | undefined,
): Outcome | null {
  if (read == null || read === version) return null
  return problem('VersionConflict', { currentVersion: version })
}

export function isProblem({ type }: Outcome): boolean {
  return Object.hasOwn(PROBLEMS, type)
}
