import { randomUUID } from 'node:crypto'
import { EnumName, literal } from '../support/graphql-literal.ts'
import { formatKey } from '../../src/auth/api-key.ts'
import type { Community, Person, Principal } from './community.ts'
import type { Selection } from './documents.ts'

/** What a mutation is asked with, so that nothing but access stands in its way, and the type that it answers then. */
export interface Try {
  readonly with: Readonly<Record<string, unknown>>
  readonly answers: string
}

const NO_LINK = `maat_lk_${'A'.repeat(43)}`
const NO_REFRESH = `maat_rt_${'A'.repeat(43)}`
const PASSWORD = 'seventeen crooked spools'
/** Something to be warned of. */
const UNLIKELY = {
  unit: new EnumName('MM'),
  measurements: { shoulderToWrist: 300, shoulderToElbow: 350 },
}
/** A file with a set to be warned of, and one to be skipped. */
const SOME_WRONG = JSON.stringify([{ name: 'new', measurements: UNLIKELY.measurements }, {}])
/** From yesterday to tomorrow, as seen by this run. */
const THESE_DAYS = {
  from: new Date(Date.now() - 86_400_000).toISOString(),
  to: new Date(Date.now() + 86_400_000).toISOString(),
}
/** Well formed, and nobody's. */
const NO_KEY = formatKey((size) => new Uint8Array(size))

/**
 * Mutation -> what it is asked with by whoever owns these things, with respect to somebody else. A mutation without a row
 * fails.
 */
export const MUTATIONS: Readonly<Record<string, (own: Person, other: Person) => Try>> = {
  acceptCuratedSetSuggestion: (_own, other) =>
    given({ id: other.suggestion, version: 1 }, 'AcceptCuratedSetSuggestionPayload'),
  cancelBulkExport: (own) => given({ id: own.bulkExport }, 'CancelBulkExportPayload'),
  changeEmail: () => given({ email: `${randomUUID()}@example.test` }, 'MailAccepted'),
  changePassword: () => given({ newPassword: PASSWORD }, 'PasswordChanged'),
  changeUsername: () =>
    given({ username: `u${randomUUID().slice(0, 8)}` }, 'ChangeUsernamePayload'),
  cloneMeasurementSet: (own) => given({ of: own.privateSet }, 'CloneMeasurementSetPayload'),
  clonePattern: (own) => given({ of: own.privatePattern }, 'PatternPayload'),
  closeAccount: (_own, other) =>
    given({ account: other.profile, reason: 'Spam.' }, 'CloseAccountPayload'),
  confirmEmail: () => given({ token: NO_LINK }, 'LinkInvalid'),
  confirmSignUp: () => given({ token: NO_LINK, consent: new EnumName('ACCOUNT') }, 'LinkInvalid'),
  createApiKey: () => given({ name: 'new', level: 1 }, 'CreateApiKeyPayload'),
  createCuratedSet: () =>
    given(
      { names: [{ language: new EnumName('EN'), text: 'new' }], ...UNLIKELY },
      'CuratedSetPayload',
    ),
  createBookmark: () =>
    given({ type: new EnumName('DOC'), title: 'new', url: '/docs' }, 'BookmarkPayload'),
  createMeasurementSet: () => given({ name: 'new', ...UNLIKELY }, 'MeasurementSetPayload'),
  decideLimitRequest: (_own, other) =>
    given({ id: other.limitRequest, decision: new EnumName('GRANT') }, 'DecideLimitRequestPayload'),
  declineCuratedSetSuggestion: (_own, other) =>
    given(
      { id: other.suggestion, reason: 'One is like it.' },
      'DeclineCuratedSetSuggestionPayload',
    ),
  createPattern: (own) =>
    given({ design: 'aaron', name: 'new', measurementSet: own.privateSet }, 'PatternPayload'),
  deleteAccount: () => ({ with: {}, answers: 'DeleteAccountPayload' }),
  deleteBookmark: (own) => given({ id: own.bookmark }, 'DeleteBookmarkPayload'),
  deleteMeasurementSet: (own) => given({ id: own.privateSet }, 'DeleteMeasurementSetPayload'),
  deletePattern: (own) => given({ id: own.privatePattern }, 'DeletePatternPayload'),
  disableTotp: () => given({ code: '000000' }, 'SecondFactorState'),
  enableTotp: () => given({}, 'EnableTotpPayload'),
  exportAccount: () => ({ with: {}, answers: 'ExportAccountPayload' }),
  importMeasurementSets: () =>
    given(
      { format: new EnumName('JSON'), text: SOME_WRONG, onProblem: new EnumName('SKIP') },
      'ImportMeasurementSetsPayload',
    ),
  intervene: (_own, other) =>
    given(
      { account: other.profile, step: new EnumName('NOTICE'), reason: 'Too much.' },
      'IntervenePayload',
    ),
  liftIntervention: (_own, other) =>
    given({ id: other.intervention, reason: 'A mistake.' }, 'LiftInterventionPayload'),
  liftRestriction: () => ({ with: {}, answers: 'AccountStatusPayload' }),
  publishCuratedSet: (_own, other) => given({ id: other.draft }, 'PublishCuratedSetPayload'),
  publishMeasurementSet: (own) => given({ id: own.privateSet }, 'PublishMeasurementSetPayload'),
  publishPattern: (own) => given({ id: own.privatePattern }, 'PublishPatternPayload'),
  refreshPatternMeasurements: (own) =>
    given({ id: own.privatePattern, version: 1 }, 'PatternPayload'),
  refreshSession: () => given({ refreshToken: NO_REFRESH }, 'SessionEnded'),
  reopenAccount: (_own, other) =>
    given({ account: other.profile, reason: 'A mistake.' }, 'AccountState'),
  reportLeakedKey: () => ({ with: { key: NO_KEY }, answers: 'ReportLeakedKeyPayload' }),
  requestHigherLimit: () =>
    given(
      {
        purpose: 'A study.',
        points: 500_000,
        until: new Date(Date.now() + 86_400_000).toISOString(),
      },
      'LimitRequestOpen',
    ),
  requestPasswordReset: () => given({ email: 'nobody@example.test' }, 'MailAccepted'),
  requestSignInLink: () => given({ email: 'nobody@example.test' }, 'MailAccepted'),
  resetPassword: () => given({ token: NO_LINK, newPassword: PASSWORD }, 'LinkInvalid'),
  restrictAccount: () => ({ with: {}, answers: 'AccountStatusPayload' }),
  revokeApiKey: (own) => given({ id: own.key }, 'RevokeApiKeyPayload'),
  rotateApiKey: (own) => given({ id: own.key }, 'RotateApiKeyPayload'),
  retireCuratedSet: (_own, other) => given({ id: other.draft }, 'NotPublished'),
  setConsent: () => given({ consent: new EnumName('ACCOUNT') }, 'SetConsentPayload'),
  setRole: (_own, other) =>
    given(
      { account: other.profile, role: new EnumName('TESTER'), reason: 'Helps.' },
      'SetRolePayload',
    ),
  signIn: () => given({ name: 'nobody', password: PASSWORD }, 'SignInFailed'),
  signInWithLink: () => given({ token: NO_LINK }, 'LinkInvalid'),
  signOut: (own) => given({ id: own.session }, 'SignedOut'),
  signOutEverywhere: () => ({ with: {}, answers: 'SignedOut' }),
  signUp: () => given({ email: `${randomUUID()}@example.test` }, 'MailAccepted'),
  startBulkExport: () =>
    given({ query: '{ measurementSets { nodes { id } } }' }, 'StartBulkExportPayload'),
  suggestCuratedSet: (own) =>
    given({ set: own.privateSet, note: 'For all.' }, 'SuggestCuratedSetPayload'),
  unpublishMeasurementSet: (own) => given({ id: own.publicSet }, 'UnpublishMeasurementSetPayload'),
  unpublishPattern: (own) => given({ id: own.publicPattern }, 'PatternPayload'),
  updateAccount: () => given({ control: 3 }, 'UpdateAccountPayload'),
  updateApiKey: (own) => given({ id: own.key, name: 'renamed' }, 'UpdateApiKeyPayload'),
  updateCuratedSet: (_own, other) =>
    given({ id: other.draft, version: 1, ...UNLIKELY }, 'CuratedSetPayload'),
  updateBookmark: (own) =>
    given({ id: own.bookmark, version: 1, title: 'renamed' }, 'BookmarkPayload'),
  updateMeasurementSet: (own) =>
    given(
      { id: own.privateSet, version: 1, name: 'renamed', ...UNLIKELY },
      'MeasurementSetPayload',
    ),
  updatePattern: (own) =>
    given({ id: own.privatePattern, version: 1, name: 'renamed' }, 'PatternPayload'),
  verifyTotp: () => given({ challenge: NO_LINK, code: '000000' }, 'SignInFailed'),
}

function given(input: Readonly<Record<string, unknown>>, answers: string): Try {
  return { with: { input }, answers }
}

/** The arguments of a field, so that it is answered where it is open: something that the principal sees, or may change. */
export function argumentsFor(
  { strangers, curated }: Community,
  { person }: Pick<Principal, 'person'>,
  selections: readonly Selection[],
): (coordinate: string) => string {
  const [open] = strangers
  if (open === undefined) throw new Error('There is nobody to ask about.')
  const own = person ?? open
  const named: Readonly<Record<string, string>> = {
    AccountProfile: open.profile,
    ApiKey: own.key,
    Bookmark: own.bookmark,
    CuratedSet: curated.published,
    MeasurementSet: open.publicSet,
    Node: open.profile,
    Pattern: open.publicPattern,
  }
  const [node] = selections.flatMap(({ below }) => below)
  const type = node?.kind === 'on' ? node.type : 'Node'
  const queries: Readonly<Record<string, object>> = {
    'Query.account': { username: open.name },
    'Query.curatedSet': { id: curated.published },
    'Query.design': { code: 'aaron' },
    'Query.ledger': THESE_DAYS,
    'Query.measurementSet': { id: open.publicSet },
    'Query.node': { id: named[type] },
    'Query.nodes': { ids: [open.profile] },
    'Query.pattern': { id: open.publicPattern },
  }
  return (coordinate) => {
    const [root, name = ''] = coordinate.split('.')
    if (root !== 'Mutation') return printed(queries[coordinate] ?? {})
    const asked = MUTATIONS[name]
    if (asked === undefined) throw new Error(`${coordinate} has no input.`)
    return printed(asked(own, open).with)
  }
}

function printed(values: object): string {
  const parts = Object.entries(values).map(([name, value]) => `${name}: ${literal(value)}`)
  return parts.length === 0 ? '' : `(${parts.join(', ')})`
}
