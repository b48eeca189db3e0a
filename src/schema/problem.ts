import { OPEN_SUGGESTIONS_MAX } from '../community/curated-sets/suggest-curated-set.ts'
import { builder } from './builder.ts'
import { FREE } from './directives.ts'

/** What every problem says. */
export const Problem = builder.interfaceRef<object>('Problem').implement({
  description:
    'What a client has to handle when a mutation does not come to what it asks for. Nothing has changed then.',
  fields: (t) => ({
    code: t.string({ scope: 'public', description: 'Stable, for programs.' }),
    message: t.string({ scope: 'public', description: 'For people.' }),
  }),
})

const members = { source: { kind: 'property' } } as const

type ProblemFields = Parameters<Parameters<typeof builder.objectFields>[1]>[0]

/** A problem: code and message, and whatever else there is to say. */
function problem(
  name: string,
  description: string,
  more: (t: ProblemFields) => ReturnType<Parameters<typeof builder.objectFields>[1]> = () => ({}),
) {
  return builder.objectRef<object>(name).implement({
    description,
    interfaces: [Problem],
    extensions: FREE,
    fields: (t) => ({
      code: t.string({ ...members, scope: 'public', description: 'Stable, for programs.' }),
      message: t.string({ ...members, scope: 'public', description: 'For people.' }),
      ...more(t),
    }),
  })
}

/** Every problem that a mutation can come to, by type name. What it says is in src/auth/problems.ts. */
export const NotFound = problem(
  'NotFound',
  'The id names nothing that the caller may change: it is not there, or another’s.',
)
export const BulkExportRunning = problem(
  'BulkExportRunning',
  'The account has a bulk export that has not ended: there is one at a time.',
)
export const InterventionOver = problem(
  'InterventionOver',
  'The intervention has been lifted or superseded already, or its time is over.',
)
export const LimitRequestOpen = problem(
  'LimitRequestOpen',
  'The account has a request for a higher limit that nobody has answered yet.',
)
export const LimitRequestDecided = problem(
  'LimitRequestDecided',
  'The request for a higher limit was granted or declined already.',
)
export const TooManyKeys = problem(
  'TooManyKeys',
  'The account has as many live API keys as it may, or has made as many within an hour as it may.',
)
export const KeyNotLive = problem('KeyNotLive', 'The API key has expired or was revoked.')
export const SignInFailed = problem(
  'SignInFailed',
  'Name, password, link or code is wrong. Which of them, and whether there is such an account, is not told.',
)
export const LinkInvalid = problem(
  'LinkInvalid',
  'The token of the link is wrong, was used, or is too old. Ask for another one.',
)
export const UsernameTaken = problem('UsernameTaken', 'Another account has this username.')
export const PasswordWrong = problem('PasswordWrong', 'The present password is not this one.')
export const SecondFactorWrong = problem(
  'SecondFactorWrong',
  'The code is wrong, was used already, or is not of this moment.',
)
export const SecondFactorState = problem(
  'SecondFactorState',
  'The account has a second factor already, or has none.',
)
export const AccountState = problem(
  'AccountState',
  'The present status of the account does not allow this: it is not confirmed, an administrator has closed it, or it is not closed.',
)
export const SessionEnded = problem(
  'SessionEnded',
  'The refresh token is wrong, too old or was used before. Sign in again.',
)
export const VersionConflict = problem(
  'VersionConflict',
  'Somebody has changed it since the version that was sent. Read it again, and decide anew.',
  (t) => ({
    currentVersion: t.int({
      ...members,
      scope: 'public',
      description: 'The version that it has now.',
    }),
  }),
)
export const NotPublished = problem(
  'NotPublished',
  'The curated set is a draft: there is nothing to retire.',
)
export const TooManySuggestions = problem(
  'TooManySuggestions',
  `The account has ${OPEN_SUGGESTIONS_MAX} open suggestions, as many as it may.`,
)
export const SuggestionDecided = problem(
  'SuggestionDecided',
  'The suggestion was accepted or declined already.',
)
export const SetInUse = problem('SetInUse', 'Other sets are based on this one.', (t) => ({
  dependents: t.idList({
    ...members,
    scope: 'public',
    price: 'scalar-list',
    atMost: 100,
    description: 'The first 100 of those sets.',
  }),
}))
export const PatternWithoutSet = problem(
  'PatternWithoutSet',
  'There is no set to take measurements from: the pattern was made without one of its account, or that was deleted.',
)
