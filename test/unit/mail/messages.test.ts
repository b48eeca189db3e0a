import { describe, expect, test } from 'vitest'

import { type MessageDetails, type MessageKind, writeMessage } from '../../../src/mail/messages.ts'

const token = `maat_lk_${'c'.repeat(43)}`
const at = new Date('2100-03-01T12:34:56.000Z')
const expiresAt = new Date('2100-03-02T12:34:56.000Z')
const link = { publicUrl: 'https://maat.example', token, expiresAt }
const key = { keyId: 'key_2dCanary' }
const step = { ...key, step: 'slower', reason: 'There is one like it.' } as const
const request = { requestId: 'lim_2dCanary' }
const suggestion = { suggestionId: 'sug_2dCanary' }

const DETAILS: { readonly [Kind in MessageKind]: MessageDetails<Kind> } = {
  'confirm-sign-up': link,
  'already-registered': link,
  'sign-in-link': link,
  'reset-password': link,
  'change-email': link,
  'email-changed': { at },
  'password-changed': { at },
  'second-factor-enabled': { at },
  'second-factor-disabled': { at },
  'refresh-reused': { at },
  'key-created': key,
  'key-revoked': key,
  'key-leaked': key,
  'key-expires': { ...key, expiresAt, days: 7 },
  'account-deleted': { at },
  intervention: { ...step, until: expiresAt },
  'intervention-lifted': step,
  'limit-granted': { ...request, points: 5000, until: expiresAt },
  'limit-declined': { ...request, reason: 'There is one like it.' },
  'suggestion-accepted': suggestion,
  'suggestion-declined': { ...suggestion, reason: 'There is one like it.' },
  'ceiling-nears': { percent: 80, spent: 80.5, forecast: 120.254, ceiling: 100, currency: 'CHF' },
  'export-ready': { at, expiresAt },
}
// Its keys are the kinds, as its type says.
const kinds = Object.keys(DETAILS) as MessageKind[]

describe.each(kinds)('the message %s', (kind) => {
  const { subject, text } = writeMessage(kind, DETAILS[kind])

  test('has a subject of one short line that holds no link, token or id', () => {
    expect(subject).toMatch(/^[A-Z][\w ]{5,60}$/)
    expect(subject).not.toMatch(/maat_|key_|sug_|lim_|http|@/)
  })

  test('is plain text of short paragraphs, and ends with who sends it', () => {
    expect(text).toMatch(/^[A-Z][^\r\0]*\n\nMaat\n$/)
    expect(text.length).toBeLessThan(1_000)
  })

  test('says what it is about, in UTC', () => {
    const moments = text.match(/2100-03-0[12] 12:34 UTC/g) ?? []
    const dates = Object.values<unknown>({ ...DETAILS[kind] }).filter(
      (value) => value instanceof Date,
    )
    expect(moments).toHaveLength(dates.length)
    expect(text.includes('key_2dCanary')).toBe('keyId' in DETAILS[kind])
    expect(text.includes('lim_2dCanary')).toBe('requestId' in DETAILS[kind])
    expect(text.includes('sug_2dCanary')).toBe('suggestionId' in DETAILS[kind])
    expect(text.includes('There is one like it.')).toBe('reason' in DETAILS[kind])
  })
})

test('a warning of the bill tells what was spent, what the month would come to, and whether that fits', () => {
  const bill = DETAILS['ceiling-nears']
  const { text } = writeMessage('ceiling-nears', bill)
  expect(text).toContain('CHF 80.50 so far: 80 % or more of its ceiling, which is CHF 100.00.')
  expect(text).toContain('would come to CHF 120.25. It will not:')
  expect(writeMessage('ceiling-nears', { ...bill, forecast: 99 }).text).toContain(
    'would come to CHF 99.00. That is below the ceiling.',
  )
})

const MUTATIONS = [
  ['confirm-sign-up', 'confirm', 'confirmSignUp'],
  ['already-registered', 'sign-in', 'signInWithLink'],
  ['sign-in-link', 'sign-in', 'signInWithLink'],
  ['reset-password', 'reset-password', 'resetPassword'],
  ['change-email', 'confirm-email', 'confirmEmail'],
] as const

test.each(MUTATIONS)(
  'the link of %s carries its token in the fragment, and %s has the mutation %s beside it',
  (kind, page, mutation) => {
    const { text } = writeMessage(kind, link)
    expect(text).toContain(`\nhttps://maat.example/console/${page}#token=${token}\n`)
    expect(text).toContain(`to the mutation ${mutation}: ${token}\n`)
  },
)

test('the notice of a key that expires within a day says so', () => {
  const { text } = writeMessage('key-expires', { ...key, expiresAt, days: 1 })
  expect(text).toContain('within a day.')
  expect(writeMessage('key-expires', { ...key, expiresAt, days: 30 }).text).toContain(
    'within 30 days.',
  )
})

describe('the message about an intervention', () => {
  const until = expiresAt
  test.each([
    ['notice', null, 'nothing is taken from you'],
    ['slower', null, 'The budgets of your account fill more slowly'],
    ['suspension', null, 'Your account is suspended'],
    ['suspension', 'key_2dCanary', 'Your API key key_2dCanary is suspended'],
    ['revocation', null, 'you can make no new ones until 2100-03-02 12:34 UTC'],
    ['revocation', 'key_2dCanary', 'was revoked for good'],
  ] as const)('says what %s of %s means', (taken, keyId, says) => {
    const details = { step: taken, keyId, reason: 'Too much.', until }
    expect(writeMessage('intervention', details).text).toContain(says)
  })

  test('says so where it has no end', () => {
    const details = { step: 'suspension', keyId: null, reason: 'Too much.', until: null } as const
    expect(writeMessage('intervention', details).text).toContain('until that is lifted')
  })
})
