/** What the mails of each kind are made from. */
interface Details {
  readonly 'confirm-sign-up': LinkDetails
  readonly 'already-registered': LinkDetails
  readonly 'sign-in-link': LinkDetails
  readonly 'reset-password': LinkDetails
  readonly 'change-email': LinkDetails
  readonly 'email-changed': Happened
  readonly 'password-changed': Happened
  readonly 'second-factor-enabled': Happened
  readonly 'second-factor-disabled': Happened
  readonly 'refresh-reused': Happened
  readonly 'key-created': KeyDetails
  readonly 'key-revoked': KeyDetails
  readonly 'key-leaked': KeyDetails
  readonly 'key-expires': KeyDetails & { readonly expiresAt: Date; readonly days: number }
  readonly 'account-deleted': Happened
  readonly intervention: InterventionDetails
  readonly 'intervention-lifted': Omit<InterventionDetails, 'until'>
  readonly 'limit-granted': {
    readonly requestId: string
    readonly points: number
    readonly until: Date
  }
  readonly 'limit-declined': { readonly requestId: string; readonly reason: string }
  readonly 'suggestion-accepted': SuggestionDetails
  readonly 'suggestion-declined': SuggestionDetails & { readonly reason: string }
  readonly 'ceiling-nears': BillDetails
  readonly 'export-ready': Happened & { readonly expiresAt: Date }
}

export type MessageKind = keyof Details
export type MessageDetails<Kind extends MessageKind> = Details[Kind]

interface LinkDetails {
  readonly publicUrl: string
  readonly token: string
  readonly expiresAt: Date
}

interface Happened {
  readonly at: Date
}

interface KeyDetails {
  /** Id of the key, as clients see it. */
  readonly keyId: string
}

interface InterventionDetails {
  readonly step: 'notice' | 'slower' | 'suspension' | 'revocation'
  /** Id of the key that it is about, as clients see it; null: the whole account. */
  readonly keyId: string | null
  /** As a person or a policy gives it. */
  readonly reason: string
  /** null: until it is lifted. */
  readonly until: Date | null
}

/** Money in units of the currency, a code of ISO 4217. */
interface BillDetails {
  readonly percent: number
  readonly spent: number
  readonly forecast: number
  readonly ceiling: number
  readonly currency: string
}

interface SuggestionDetails {
  /** Id of the suggestion, as clients see it. */
  readonly suggestionId: string
}

export interface Message {
  /** Holds no secret, no address, and nothing that a person has written. */
  readonly subject: string
  readonly text: string
}

/** The message of this kind, in plain text. */
export function writeMessage<Kind extends MessageKind>(
  kind: Kind,
  details: MessageDetails<Kind>,
): Message {
  const { subject, lines } = MESSAGES[kind]
  return { subject, text: `${lines(details).join('\n\n')}\n\nMaat\n` }
}

const NOT_YOU =
  'If that was not you, set a new password, sign out everywhere, and look through your API keys.'
const IGNORE = 'If you did not ask for this, ignore it: nothing happens.'

type Messages = {
  readonly [Kind in MessageKind]: {
    readonly subject: string
    readonly lines: (details: Details[Kind]) => readonly string[]
  }
}

const MESSAGES: Messages = {
  'confirm-sign-up': {
    subject: 'Confirm your account',
    lines: (link) => [
      'Welcome. Open this link to confirm your address and to choose a name:',
      ...linkLines(link, { page: 'confirm', mutation: 'confirmSignUp' }),
      IGNORE,
    ],
  },
  'already-registered': {
    subject: 'You have an account already',
    lines: (link) => [
      'Somebody, probably you, asked for an account with this address, and there is one. This link signs you in:',
      ...linkLines(link, { page: 'sign-in', mutation: 'signInWithLink' }),
      IGNORE,
    ],
  },
  'sign-in-link': {
    subject: 'Your link to sign in',
    lines: (link) => [
      'This link signs you in, once:',
      ...linkLines(link, { page: 'sign-in', mutation: 'signInWithLink' }),
      IGNORE,
    ],
  },
  'reset-password': {
    subject: 'Set a new password',
    lines: (link) => [
      'With this link you set a new password, once:',
      ...linkLines(link, { page: 'reset-password', mutation: 'resetPassword' }),
      IGNORE,
    ],
  },
  'change-email': {
    subject: 'Confirm your new address',
    lines: (link) => [
      'This link makes this the address of your account:',
      ...linkLines(link, { page: 'confirm-email', mutation: 'confirmEmail' }),
      IGNORE,
    ],
  },
  'email-changed': {
    subject: 'Your account has another address',
    lines: ({ at }) => [
      `On ${moment(at)} the address of your account was changed. This is the last mail to this one.`,
      NOT_YOU,
    ],
  },
  'password-changed': {
    subject: 'Your password was changed',
    lines: ({ at }) => [`On ${moment(at)} your account got a new password.`, NOT_YOU],
  },
  'second-factor-enabled': {
    subject: 'Signing in needs a second factor now',
    lines: ({ at }) => [`It was enabled on ${moment(at)}. Keep your recovery codes safe.`, NOT_YOU],
  },
  'second-factor-disabled': {
    subject: 'Signing in needs no second factor any more',
    lines: ({ at }) => [`It was disabled on ${moment(at)}.`, NOT_YOU],
  },
  'refresh-reused': {
    subject: 'A session was ended for your safety',
    lines: ({ at }) => [
      `On ${moment(at)} the refresh token of one of your sessions was used a second time: somebody may have copied it. That session has ended; sign in again.`,
      NOT_YOU,
    ],
  },
  'key-created': {
    subject: 'A new API key',
    lines: ({ keyId }) => [`Your account has a new API key: ${keyId}.`, NOT_YOU],
  },
  'key-revoked': {
    subject: 'An API key was revoked',
    lines: ({ keyId }) => [`Your API key ${keyId} opens nothing any more.`],
  },
  'key-leaked': {
    subject: 'An API key was found in a public place',
    lines: ({ keyId }) => [
      `Somebody reported your API key ${keyId}, and had all of it. It opens nothing any more. Make a new one, and find out where it leaked.`,
    ],
  },
  'key-expires': {
    subject: 'An API key expires soon',
    lines: ({ keyId, expiresAt, days }) => [
      `Your API key ${keyId} expires on ${moment(expiresAt)}, ${days === 1 ? 'within a day' : `within ${days} days`}.`,
      'rotateApiKey makes one that takes its place, while both work.',
    ],
  },
  'account-deleted': {
    subject: 'Your account was deleted',
    lines: ({ at }) => [
      `On ${moment(at)} your account and everything in it was deleted. Farewell.`,
    ],
  },
  intervention: {
    subject: 'About your use of this service',
    lines: (details) => [
      stepTaken(details),
      'Whoever runs this service says why:',
      details.reason,
      'Signed in, you see it under `me { interventions }`. If you need more than others, say what for with the mutation requestHigherLimit; if you think that it is a mistake, answer whoever runs this service.',
    ],
  },
  'intervention-lifted': {
    subject: 'A step against your use was lifted',
    lines: ({ step, keyId, reason }) => [
      `${STEP_NAMES[step]} for ${subjectOf(keyId)} was lifted.`,
      ...(step === 'revocation' ? ['Keys that were revoked stay so; new ones may be made.'] : []),
      reason,
    ],
  },
  'limit-granted': {
    subject: 'You have a higher limit',
    lines: ({ requestId, points, until }) => [
      `Your request ${requestId} was granted: your account may spend ${points} points a day, until ${moment(until)}. After that the usual limit holds again.`,
    ],
  },
  'limit-declined': {
    subject: 'You do not get a higher limit',
    lines: ({ requestId, reason }) => [
      `Your request ${requestId} was declined. Whoever runs this service says why:`,
      reason,
    ],
  },
  'suggestion-accepted': {
    subject: 'Your suggestion was accepted',
    lines: ({ suggestionId }) => [
      `A curated set is being made from your suggestion ${suggestionId}. Once it is published, everybody may read it; your name does not stand there.`,
    ],
  },
  'suggestion-declined': {
    subject: 'Your suggestion was declined',
    lines: ({ suggestionId, reason }) => [
      `No curated set is made from your suggestion ${suggestionId}. A curator says why:`,
      reason,
    ],
  },
  'ceiling-nears': {
    subject: 'The bill of this month nears its ceiling',
    lines: ({ percent, spent, forecast, ceiling, currency }) => {
      const money = (amount: number): string => `${currency} ${amount.toFixed(2)}`
      return [
        `This month has cost ${money(spent)} so far: ${percent} % or more of its ceiling, which is ${money(ceiling)}.`,
        `At the rate of late it would come to ${money(forecast)}. ${forecast > ceiling ? 'It will not: accounts that use most are slowed down first, and at the ceiling what they ask for is refused.' : 'That is below the ceiling.'}`,
        '`npm run oversight` shows who uses what, and `oversight { bill }` who is slowed down.',
      ]
    },
  },
  'export-ready': {
    subject: 'Your data is ready to be fetched',
    lines: ({ at, expiresAt }) => [
      `On ${moment(at)} a link was made to everything that is stored of your account. It works once, until ${moment(expiresAt)}.`,
      NOT_YOU,
    ],
  },
}

const STEP_NAMES = {
  notice: 'The notice',
  slower: 'The slower pace',
  suspension: 'The suspension',
  revocation: 'The ban on new API keys',
} as const satisfies Record<InterventionDetails['step'], string>

function stepTaken({ step, keyId, until }: InterventionDetails): string {
  const subject = subjectOf(keyId)
  const end = until === null ? 'until that is lifted' : `until ${moment(until)}`
  switch (step) {
    case 'notice':
      return `This is a notice about ${subject}; nothing is taken from you. Every answer carries it ${end}.`
    case 'slower':
      return `The budgets of ${subject} fill more slowly, ${end}.`
    case 'suspension':
      return keyId === null
        ? `Your account is suspended ${end}: its API keys open nothing, and signed in you can see why, answer, and leave.`
        : `Your API key ${keyId} is suspended ${end}: it opens nothing.`
    case 'revocation':
      return keyId === null
        ? `The API keys of your account were revoked for good, and you can make no new ones ${end}.`
        : `Your API key ${keyId} was revoked for good.`
  }
}

function subjectOf(keyId: string | null): string {
  return keyId === null ? 'your account' : `your API key ${keyId}`
}

/** A fragment never reaches the log of a server. */
function linkLines(
  { publicUrl, token, expiresAt }: LinkDetails,
  { page, mutation }: { readonly page: string; readonly mutation: string },
): readonly string[] {
  return [
    `${publicUrl}/console/${page}#token=${token}`,
    `It works until ${moment(expiresAt)}. Without a browser, give this token to the mutation ${mutation}: ${token}`,
  ]
}

function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
