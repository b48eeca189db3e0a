import type { Mutant } from './mutants.ts'

function dropped(
  file: string,
  part: Mutant['part'],
  edits: Readonly<Record<string, readonly [find: string, replace: string]>>,
): readonly Mutant[] {
  return Object.entries(edits).map(([name, [find, replace]]) => ({
    name,
    file,
    part,
    find,
    replace,
  }))
}

/** Every condition besides the access matrix itself that stands between a caller and something, gone or turned round. */
export const EDITS: readonly Mutant[] = [
  ...dropped('auth/access.ts', 'fields', {
    'a user may have level 5': ['user: 4', 'user: 5'],
    'a user may have level 3': ['user: 4', 'user: 3'],
    'a tester may have level 5': ['tester: 4', 'tester: 5'],
    'a tester may have level 3': ['tester: 4', 'tester: 3'],
    'a curator may have level 6': ['curator: 5', 'curator: 6'],
    'a curator may have level 4': ['curator: 5', 'curator: 4'],
    'a bughunter may have level 7': ['bughunter: 6', 'bughunter: 7'],
    'a bughunter may have level 5': ['bughunter: 6', 'bughunter: 5'],
    'support may have level 7': ['support: 8', 'support: 7'],
    'an admin may have level 7': ['admin: 8', 'admin: 7'],
  }),
  ...dropped('auth/check-scope.ts', 'fields', {
    'nobody is asked who he is': [
      "if (standing.kind === 'anonymous') return { code: 'UNAUTHENTICATED' }",
      "if (standing.kind === 'anonymous') return null",
    ],
    'a key does what a person alone may': [
      "if (rule.by === 'session' && standing.kind !== 'session') return { code: 'SESSION_REQUIRED' }",
      '',
    ],
    'the state of the account closes level 0 too': [
      'const block = rule.level === 0 ? null : blockOf(standing)',
      'const block = blockOf(standing)',
    ],
    'the state of the account is not named': ['if (block !== null) return { code: block }', ''],
    'a level is enough for the one above': [
      'if (standing.level < rule.level) {',
      'if (standing.level + 1 < rule.level) {',
    ],
    'any role will do': [
      'if (rule.roles !== undefined && !rule.roles.includes(standing.role)) {',
      'if (rule.roles === null) {',
    ],
    'any consent will do': [
      'if (rule.consent !== undefined && !coversConsent(standing.consent, rule.consent)) {',
      'if (rule.consent === null) {',
    ],
  }),
  ...dropped('auth/account-state.ts', 'fields', {
    'an account of any status is open': ["if (account.status !== 'active')", 'if (false)'],
    'a disabled account alone is closed': [
      "if (account.status !== 'active')",
      "if (account.status === 'disabled')",
    ],
    'a restricted account is open': [
      "if (account.status !== 'active')",
      "if (account.status !== 'active' && account.status !== 'restricted')",
    ],
    'an account without consent is open': [
      "if (!coversConsent(account.consent, 'account'))",
      'if (false)',
    ],
    'consent to account data is not enough': [
      "if (!coversConsent(account.consent, 'account'))",
      "if (!coversConsent(account.consent, 'measurements'))",
    ],
    'consent to account data reaches measurements': ['account: 1,', 'account: 2,'],
  }),
  ...dropped('auth/effective-level.ts', 'fields', {
    'a downgrade leaves strong keys strong': ['return level < cap ? level : cap', 'return level'],
    'a weak key of a strong role is strong': ['return level < cap ? level : cap', 'return cap'],
  }),
  ...dropped('auth/authenticate.ts', 'fields', {
    'an expired key works': [
      'if (record.expiresAtMs <= clock().getTime()) throw keyExpired',
      'if (false) throw keyExpired',
    ],
    'a revoked key works': ['if (record.revocation !== null) throw', 'if (false) throw'],
    'a session whose time is over works': [
      'if (record === null || record.expiresAtMs <= clock().getTime()) {',
      'if (record === null) {',
    ],
  }),
  ...dropped('auth/read-session.ts', 'fields', {
    'a session works once it has ended': ['and s.ended_at is null', ''],
    'a session lives as long as its row': [
      'Math.min(token.expiresAtMs, endsAtMs)',
      'token.expiresAtMs',
    ],
    'a session has the level of a user': [
      'effectiveLevel(ROLE_CAPS[role], {',
      'effectiveLevel(4, {',
    ],
  }),
  ...dropped('schema/plan/required-scopes.ts', 'fields', {
    'what stands in a fragment is open': [
      'if (selection.kind !== Kind.FIELD) {',
      'if (selection.kind === Kind.INLINE_FRAGMENT) continue\n    if (selection.kind !== Kind.FIELD) {',
    ],
    'what stands below a field is open': [
      'if (selection.selectionSet === undefined) continue',
      'if (selection.selectionSet === undefined || path !== "") continue',
    ],
  }),
  ...dropped('community/visible-rows.ts', 'rows', {
    'staff see what everybody sees': [
      "if (holds(reader.standing, 'accounts:read')) {",
      'if (false) {',
    ],
    'everybody sees what staff see': [
      "if (holds(reader.standing, 'accounts:read')) {",
      'if (true) {',
    ],
    'staff without consent see their own': [
      'return holds(reader.standing, own) ? null : sql`${account} <> ${reader.me}`',
      'return null',
    ],
    'private rows are public': [
      'sql`${sql.ref(`${row}.public`)} and exists (',
      'sql`true and exists (',
    ],
    'public rows of a closed account stay open': ["and status = 'active'", ''],
    'public rows stay open without consent': [
      "and status = 'active' and consent = 'measurements'",
      "and status = 'active'",
    ],
    'consent to account data is enough for public rows': [
      "and consent = 'measurements'",
      "and consent <> 'none'",
    ],
    'the own rows are not the own': ['sql`${account} = ${reader.me} or (${open})`', 'open'],
    'the own rows are all there is': [
      'sql`${account} = ${reader.me} or (${open})`',
      'sql`${account} = ${reader.me}`',
    ],
    'the own rows need no scope': [
      'return holds(reader.standing, own) ? sql`${account} = ${reader.me} or (${open})` : open',
      "return reader.standing.kind !== 'anonymous' ? sql`${account} = ${reader.me} or (${open})` : open",
    ],
    'what is its owner’s alone needs no scope': [
      'return holds(reader.standing, own)\n    ?',
      "return reader.standing.kind !== 'anonymous'\n    ?",
    ],
    'what is its owner’s alone is everybody’s': [
      '? sql`${sql.ref(`${row}.account_id`)} = ${reader.me}`\n    : sql`false`',
      '? sql`true`\n    : sql`false`',
    ],
  }),
  ...dropped('schema/account/account.sql.ts', 'rows', {
    'staff see the profiles that everybody sees': [
      "if (holds(reader.standing, 'accounts:read')) return null",
      '',
    ],
    'everybody sees every profile': [
      "if (holds(reader.standing, 'accounts:read')) return null",
      'return null',
    ],
    'a closed account has a profile': ["= 'active' and", 'is not null and'],
    'an account without consent has a profile': ["<> 'none'`", 'is not null`'],
    'an account that is closed does not see itself': [
      ': sql`${sql.ref(`${row}.id`)} = ${reader.me} or ${open}`',
      ': open',
    ],
  }),
  ...dropped('schema/curated-set/curated-set.sql.ts', 'rows', {
    'drafts are listed': ["= 'published'", "<> 'retired'"],
    'what was withdrawn is listed': ["= 'published'", "<> 'draft'"],
    'curators see what everybody sees': ["holds(standing, 'curated-sets:write')", 'false'],
    'everybody sees what curators see': ["holds(standing, 'curated-sets:write')", 'true'],
  }),
  ...dropped('community/curated-sets/visible-suggestions.ts', 'rows', {
    'suggestions of closed accounts are decided on': ["status = 'active' and ", ''],
    'suggestions are decided on without consent': [" and consent = 'measurements'", ''],
  }),
  ...dropped('schema/session/session.sql.ts', 'rows', {
    'sessions of others are listed': ["${ownOnly(row, reader, 'own-sessions:read')} and ", ''],
    'sessions that have ended are listed': ['is null and', 'is null or true and'],
    'sessions that have run out are listed': ['> now()', 'is not null'],
  }),
  ...dropped('schema/ties.ts', 'rows', {
    'the own lists are everybody’s': [
      'condition: ({ row, reader }) => sql`${sql.ref(`${row}.account_id`)} = ${reader.me}`',
      'condition: () => sql`true`',
    ],
    'lists of one account hold those of all': [
      'sql`${sql.ref(`${row}.${column}`)} = ${sql.ref(`${parent}.id`)}`',
      'sql`true`',
    ],
  }),
  ...dropped('auth/keys/revoke-key.ts', 'arguments', {
    'a key revokes other keys': ['(keyId !== null && keyId !== id)', 'false'],
    'keys of others can be revoked': [".where('account_id', '=', accountId)", ''],
  }),
  ...dropped('auth/keys/rotate-key.ts', 'arguments', {
    'keys of others can be rotated': [".where('account_id', '=', accountId)", ''],
  }),
  ...dropped('auth/keys/update-key.ts', 'arguments', {
    'keys of others can be changed': [".where('account_id', '=', accountId)", ''],
  }),
  ...dropped('auth/sign-in/end-sessions.ts', 'arguments', {
    'sessions of others can be ended': [".where('account_id', '=', accountId)", ''],
  }),
  ...dropped('auth/account/subject-account.ts', 'arguments', {
    'everybody changes other accounts': [
      'return holds(context.principal.standing, others) ? named : null',
      'return named',
    ],
  }),
]
