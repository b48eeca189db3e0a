import type { Named } from './argument-cells.ts'
import type { RuleName } from './rules.ts'

type Rows = { readonly [rule in RuleName]?: string }

const SHAPE: Rows = { anybody: 'edges nodes pageInfo totalCount' }
const EDGE: Rows = { anybody: 'cursor node' }
const PROBLEM: Rows = { anybody: 'code message' }

/**
 * Type -> rule -> its fields: who may ask for every field of the schema. Written by hand from what the product promises, and
 * compared with what a gateway answers; a field without a row fails, and so does a row without a field.
 */
export const FIELDS: Readonly<Record<string, Rows>> = {
  Query: {
    anybody:
      'account curatedSet curatedSets design designs measurementDefinitions measurementSet node nodes pattern rateLimit version',
    'whoever is known': 'me',
    'level 1': 'bookmarks',
    'level 1 with measurements': 'bulkExports measurementSets patterns',
    'level 2': 'accessLog apiKeys ledger usage',
    'a curator of level 3': 'curatedSetSuggestions',
    'staff of level 5': 'accounts',
    'staff of level 8': 'allMeasurementSets interventions limitRequests oversight',
    'a person in any state': 'session sessions',
  },
  Mutation: {
    anybody:
      'confirmEmail confirmSignUp refreshSession reportLeakedKey requestPasswordReset requestSignInLink resetPassword signIn signInWithLink signUp verifyTotp',
    'whoever is known': 'revokeApiKey',
    'a person in any state':
      'deleteAccount exportAccount liftRestriction restrictAccount setConsent signOut signOutEverywhere',
    'level 1 with measurements': 'cancelBulkExport startBulkExport',
    'a person of level 2': 'createApiKey requestHigherLimit rotateApiKey updateApiKey',
    'level 3 with measurements':
      'cloneMeasurementSet clonePattern createMeasurementSet createPattern deleteMeasurementSet deletePattern importMeasurementSets publishMeasurementSet publishPattern refreshPatternMeasurements suggestCuratedSet unpublishMeasurementSet unpublishPattern updateMeasurementSet updatePattern',
    'a curator of level 3':
      'acceptCuratedSetSuggestion createCuratedSet declineCuratedSetSuggestion publishCuratedSet retireCuratedSet updateCuratedSet',
    'level 3': 'createBookmark deleteBookmark updateBookmark',
    'level 4': 'changeUsername updateAccount',
    'a person of level 4': 'changeEmail changePassword disableTotp enableTotp',
    'a person of level 8':
      'closeAccount decideLimitRequest intervene liftIntervention reopenAccount',
    'an administrator in person': 'setRole',
  },

  Account: {
    'whoever is known': 'consent id status username',
    'level 1': 'bookmarks',
    'level 1 with measurements': 'measurementSets patterns suggestions',
    'level 2':
      'accessLog apiKeys bio control createdAt email image interventions keyCalls language lastSeenAt limitRequests mfaEnabled newsletter patron role sessionCalls units updatedAt usage',
  },
  AuditEntry: { 'level 2': 'action apiKey by createdAt id isOwn reason subject' },
  AccountProfile: { anybody: 'bio id image measurementSets patterns username' },
  ApiKey: {
    'level 2':
      'calls createdAt expiresAt id lastUsedAt level name networks origins replacedBy revocationReason revokedAt state updatedAt usage',
  },
  BulkExport: {
    'level 1 with measurements':
      'createdAt endedAt expiresAt failure id kilobytes query resumesAt sets startedAt state total url',
  },
  Bookmark: { 'level 1': 'createdAt id title type updatedAt url version' },
  CuratedSet: {
    anybody:
      'createdAt fittingDesigns height id image measurementList measurements name notes publication tags updatedAt version',
  },
  CuratedSetSuggestion: {
    anybody:
      'createdAt curatedSet decidedAt id measurementList measurements name note notes reason state updatedAt version',
  },
  Design: { anybody: 'code description measurements name optionalMeasurements version' },
  FittingDesign: { anybody: 'design missing missingOptional' },
  Intervention: {
    anybody: 'createdAt endNote endedAt id isInForce key pacePercent policy reason step until',
    'staff of level 8': 'account decidedBy',
  },
  Ledger: { 'level 2': 'lines' },
  LedgerLine: {
    'level 2':
      'bytes databaseMs durationMs estimated keyId kind next operation operations outcome points requestId rows time',
  },
  LimitRequest: {
    anybody: 'createdAt decidedAt grantedPoints grantedUntil id points purpose reason state until',
    'staff of level 8': 'account',
  },
  MeasurementDefinition: { anybody: 'description name unit' },
  MeasurementSet: {
    anybody:
      'baseSet createdAt fittingDesigns id image measurementList measurements modifiedAt name notes owner patterns public units updatedAt version',
  },
  MeasurementValue: { anybody: 'inherited name unit value' },
  Node: { anybody: 'id' },
  PageInfo: { anybody: 'endCursor hasNextPage hasPreviousPage startCursor' },
  Pattern: {
    anybody:
      'createdAt data design id image measurementSet name notes owner public settings updatedAt version',
  },
  Oversight: {
    'staff of level 8':
      'bill forecast loosest refusals topAccounts topKeys topOperations total trend',
  },
  OversightAccount: {
    'staff of level 8': 'account bytes cost databaseMs looseness operations points refusals',
  },
  OversightDay: {
    'staff of level 8': 'bytes cost databaseMs from looseness operations points refusals to',
  },
  OversightKey: {
    'staff of level 8': 'bytes cost databaseMs key looseness operations points refusals',
  },
  OversightOperation: {
    'staff of level 8': 'bytes cost databaseMs looseness operation operations points refusals',
  },
  Bill: {
    'staff of level 8':
      'ceiling countedAt currency forecast from pointPrice slowed spent warnedPercent',
  },
  SlowedAccount: { 'staff of level 8': 'account demandPerSecond restorePerSecond' },
  RefusalCount: { 'staff of level 8': 'code refusals' },
  RateLimit: { anybody: 'cost limit remaining resetAt used' },
  Session: { 'a person in any state': 'createdAt device expiresAt id lastUsedAt method' },
  UsageReport: { 'level 2': 'rows total' },
  UsageRow: { 'level 2': 'bytes databaseMs from key operation operations points refusals to' },

  AccountProfileConnection: SHAPE,
  ApiKeyConnection: SHAPE,
  AuditEntryConnection: SHAPE,
  BookmarkConnection: SHAPE,
  BulkExportConnection: SHAPE,
  CuratedSetConnection: SHAPE,
  CuratedSetSuggestionConnection: SHAPE,
  DesignConnection: SHAPE,
  InterventionConnection: SHAPE,
  LimitRequestConnection: SHAPE,
  MeasurementSetConnection: SHAPE,
  PatternConnection: SHAPE,
  SessionConnection: SHAPE,
  AccountProfileEdge: EDGE,
  ApiKeyEdge: EDGE,
  AuditEntryEdge: EDGE,
  BookmarkEdge: EDGE,
  BulkExportEdge: EDGE,
  CuratedSetEdge: EDGE,
  CuratedSetSuggestionEdge: EDGE,
  DesignEdge: EDGE,
  InterventionEdge: EDGE,
  LimitRequestEdge: EDGE,
  MeasurementSetEdge: EDGE,
  PatternEdge: EDGE,
  SessionEdge: EDGE,

  AcceptCuratedSetSuggestionPayload: { anybody: 'curatedSet suggestion' },
  AccountStatusPayload: { 'a person in any state': 'status' },
  BookmarkPayload: { 'level 3': 'bookmark' },
  CancelBulkExportPayload: { 'level 1 with measurements': 'bulkExport' },
  StartBulkExportPayload: { 'level 1 with measurements': 'bulkExport' },
  ChangeUsernamePayload: { 'level 4': 'account profile' },
  CloseAccountPayload: { 'a person of level 8': 'profile status' },
  CreateApiKeyPayload: { 'a person of level 2': 'apiKey secret' },
  CloneMeasurementSetPayload: { anybody: 'measurementSet' },
  CuratedSetPayload: { anybody: 'curatedSet warnings' },
  DecideLimitRequestPayload: { 'a person of level 8': 'limitRequest' },
  DeclineCuratedSetSuggestionPayload: { anybody: 'suggestion' },
  DeleteBookmarkPayload: { 'level 3': 'id' },
  DeleteMeasurementSetPayload: { anybody: 'detached detachedCount id' },
  DeletePatternPayload: { anybody: 'id' },
  DeleteAccountPayload: { 'a person in any state': 'deleted' },
  DisableTotpPayload: { 'a person of level 4': 'enabled' },
  EmailChanged: { anybody: 'changed' },
  EnableTotpPayload: { 'a person of level 4': 'enabled recoveryCodes secret uri' },
  ExportAccountPayload: { 'a person in any state': 'expiresAt url' },
  MailAccepted: { anybody: 'accepted' },
  ImportedMeasurementSet: { anybody: 'id position' },
  ImportMeasurementSetsPayload: {
    anybody:
      'ignored ignoredMore imported measurementSets skipped skippedMore warnings warningsMore',
  },
  ImportProblem: { anybody: 'message path' },
  ImportWarning: { anybody: 'code measurements message position' },
  IntervenePayload: { 'a person of level 8': 'intervention' },
  LiftInterventionPayload: { 'a person of level 8': 'intervention' },
  MeasurementSetPayload: { anybody: 'measurementSet warnings' },
  MeasurementWarning: { anybody: 'code measurements message' },
  PasswordChanged: { anybody: 'sessionsEnded' },
  PublishCuratedSetPayload: { anybody: 'curatedSet' },
  PatternPayload: { anybody: 'pattern' },
  PublishMeasurementSetPayload: { anybody: 'inherited measurementSet measurements parts' },
  PublishPatternPayload: { anybody: 'measurements parts pattern' },
  RequestHigherLimitPayload: { 'a person of level 2': 'limitRequest' },
  ReportLeakedKeyPayload: { anybody: 'revoked' },
  RetireCuratedSetPayload: { anybody: 'curatedSet' },
  RevokeApiKeyPayload: { 'whoever is known': 'apiKey id revokedAt' },
  RotateApiKeyPayload: { 'a person of level 2': 'apiKey replaced secret' },
  SecondFactorNeeded: { anybody: 'challenge expiresAt' },
  SetConsentPayload: { 'a person in any state': 'consent' },
  SetRolePayload: { 'an administrator in person': 'profile role' },
  SignedIn: {
    anybody: 'accessToken accessTokenExpiresAt account refreshToken refreshTokenExpiresAt session',
  },
  SuggestCuratedSetPayload: { anybody: 'suggestion' },
  SignedOut: { 'a person in any state': 'sessions' },
  UnpublishMeasurementSetPayload: { anybody: 'measurementSet' },
  UpdateAccountPayload: { 'level 4': 'account profile' },
  UpdateApiKeyPayload: { 'a person of level 2': 'apiKey' },

  Problem: PROBLEM,
  AccountState: PROBLEM,
  BulkExportRunning: PROBLEM,
  InterventionOver: PROBLEM,
  KeyNotLive: PROBLEM,
  LimitRequestDecided: PROBLEM,
  LimitRequestOpen: PROBLEM,
  LinkInvalid: PROBLEM,
  NotFound: PROBLEM,
  NotPublished: PROBLEM,
  PasswordWrong: PROBLEM,
  PatternWithoutSet: PROBLEM,
  SecondFactorState: PROBLEM,
  SecondFactorWrong: PROBLEM,
  SessionEnded: PROBLEM,
  SetInUse: { anybody: 'code dependents message' },
  SignInFailed: PROBLEM,
  SuggestionDecided: PROBLEM,
  TooManyKeys: PROBLEM,
  TooManySuggestions: PROBLEM,
  UsernameTaken: PROBLEM,
  VersionConflict: { anybody: 'code currentVersion message' },
}

/** Coordinate -> rule. */
export const RULE_OF: ReadonlyMap<string, RuleName> = new Map(
  Object.entries(FIELDS).flatMap(([type, rules]) =>
    // The keys of a row are rules: its type says so.
    (Object.entries(rules) as [RuleName, string][]).flatMap(([rule, fields]) =>
      fields.split(' ').map((field): [string, RuleName] => [`${type}.${field}`, rule]),
    ),
  ),
)

const STAFF = 'staff of level 6 with measurements'
const CURATORS = 'a curator of level 3'

/** Member of a mutation's input that is an id -> what it names, and who may name another's; null: nobody. */
export const ID_ARGUMENTS: Readonly<
  Record<
    string,
    {
      readonly names: Named
      readonly others: RuleName | null
      /** What comes of an id that names nothing for the caller; NotFound where nothing else is said. */
      readonly answers?: 'INPUT_INVALID'
    }
  >
> = {
  'acceptCuratedSetSuggestion.id': { names: 'suggestion', others: CURATORS },
  'cancelBulkExport.id': { names: 'bulkExport', others: null },
  'changeUsername.account': { names: 'account', others: 'staff of level 7' },
  'cloneMeasurementSet.of': { names: 'measurementSet', others: 'staff of level 5' },
  'clonePattern.of': { names: 'pattern', others: 'staff of level 5' },
  'closeAccount.account': { names: 'account', others: 'a person of level 8' },
  'createMeasurementSet.account': { names: 'account', others: STAFF },
  'createMeasurementSet.baseSet': {
    names: 'measurementSet',
    others: null,
    answers: 'INPUT_INVALID',
  },
  'declineCuratedSetSuggestion.id': { names: 'suggestion', others: CURATORS },
  'createPattern.account': { names: 'account', others: STAFF },
  'createPattern.measurementSet': {
    names: 'measurementSet',
    others: 'staff of level 5',
    answers: 'INPUT_INVALID',
  },
  'deleteBookmark.id': { names: 'bookmark', others: null },
  'deletePattern.id': { names: 'pattern', others: STAFF },
  'deleteMeasurementSet.id': { names: 'measurementSet', others: STAFF },
  'publishCuratedSet.id': { names: 'curatedSet', others: CURATORS },
  'decideLimitRequest.id': { names: 'limitRequest', others: 'a person of level 8' },
  'intervene.account': { names: 'account', others: 'a person of level 8' },
  'intervene.key': { names: 'apiKey', others: 'a person of level 8' },
  'liftIntervention.id': { names: 'intervention', others: 'a person of level 8' },
  'importMeasurementSets.account': { names: 'account', others: STAFF },
  'publishMeasurementSet.id': { names: 'measurementSet', others: STAFF },
  'publishPattern.id': { names: 'pattern', others: STAFF },
  'refreshPatternMeasurements.id': { names: 'pattern', others: STAFF },
  'reopenAccount.account': { names: 'account', others: 'a person of level 8' },
  'retireCuratedSet.id': { names: 'curatedSet', others: CURATORS },
  'revokeApiKey.id': { names: 'apiKey', others: null },
  'rotateApiKey.id': { names: 'apiKey', others: null },
  'setRole.account': { names: 'account', others: 'an administrator in person' },
  'signOut.id': { names: 'session', others: null },
  'suggestCuratedSet.set': { names: 'measurementSet', others: null },
  'unpublishMeasurementSet.id': { names: 'measurementSet', others: STAFF },
  'unpublishPattern.id': { names: 'pattern', others: STAFF },
  'updateAccount.account': { names: 'account', others: 'staff of level 7' },
  'updateApiKey.id': { names: 'apiKey', others: null },
  'updateCuratedSet.id': { names: 'curatedSet', others: CURATORS },
  'updateBookmark.id': { names: 'bookmark', others: null },
  'updateMeasurementSet.baseSet': {
    names: 'measurementSet',
    others: null,
    answers: 'INPUT_INVALID',
  },
  'updateMeasurementSet.id': { names: 'measurementSet', others: STAFF },
  'updatePattern.id': { names: 'pattern', others: STAFF },
  'updatePattern.measurementSet': {
    names: 'measurementSet',
    others: 'staff of level 5',
    answers: 'INPUT_INVALID',
  },
}
