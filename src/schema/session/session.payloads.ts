import { SESSION_DAYS } from '../../auth/sign-in/open-session.ts'
import { builder } from '../builder.ts'
import { FREE } from '../directives.ts'

export const SignedIn = builder.objectRef<object>('SignedIn').implement({
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

export const SecondFactorNeeded = builder.objectRef<object>('SecondFactorNeeded').implement({
  description:
    'The first factor was right; `verifyTotp` with this challenge and a code opens the session.',
  extensions: FREE,
  fields: (t) => ({
    challenge: t.string({ scope: 'public', nullable: true, description: 'Good for one session.' }),
    expiresAt: t.field({ type: 'DateTime', scope: 'public', description: 'In a few minutes.' }),
  }),
})

export const MailAccepted = builder.objectRef<object>('MailAccepted').implement({
  description:
    'The answer comes by mail, if there is one to give: this says nothing of whether an account exists.',
  extensions: FREE,
  fields: (t) => ({ accepted: t.boolean({ scope: 'public', description: 'Always true.' }) }),
})

export const PasswordChanged = builder.objectRef<object>('PasswordChanged').implement({
  description: 'The new password holds.',
  extensions: FREE,
  fields: (t) => ({
    sessionsEnded: t.int({ scope: 'public', description: 'Sessions that it ended.' }),
  }),
})

export const EmailChanged = builder.objectRef<object>('EmailChanged').implement({
  description: 'The new address holds.',
  extensions: FREE,
  fields: (t) => ({ changed: t.boolean({ scope: 'public', description: 'Always true.' }) }),
})

export const SignedOut = builder.objectRef<object>('SignedOut').implement({
  description: 'Sessions have ended.',
  extensions: FREE,
  fields: (t) => ({
    sessions: t.int({ scope: 'own-sessions:write', description: 'How many.' }),
  }),
})

export const EnableTotpPayload = builder.objectRef<object>('EnableTotpPayload').implement({
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

export const DisableTotpPayload = builder.objectRef<object>('DisableTotpPayload').implement({
  description: 'The account has no second factor any more.',
  extensions: FREE,
  fields: (t) => ({
    enabled: t.boolean({ scope: 'own-sign-in:write', description: 'Always false.' }),
  }),
})
