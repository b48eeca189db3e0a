import { randomBytes } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { formatKey } from '../../src/auth/api-key.ts'
import { totpCode } from '../../src/auth/sign-in/totp.ts'
import { query } from '../support/postgres.ts'
import { talkativeGateway, textAt } from '../support/talkative-gateway.ts'
import { PATIENTLY } from '../support/patiently.ts'

const PASSWORD = 'canary of a password'
const NEXT_PASSWORD = 'canary of the next password'
const WRONG_PASSWORD = 'canary of a wrong password'
const EMAIL = 'canary-of-an-address@example.org'
const NEXT_EMAIL = 'canary-of-the-next-address@example.org'
const USERNAME = 'canary-of-a-username'
const KEY_NAME = 'canary of the name of a key'
const BIO = 'canary of a bio'
const WRITTEN = [
  PASSWORD,
  NEXT_PASSWORD,
  WRONG_PASSWORD,
  EMAIL,
  NEXT_EMAIL,
  USERNAME,
  KEY_NAME,
  BIO,
]

test('no log, error or subject holds what is secret or personal, from a sign-up to the end of the account', async () => {
  const { url, ask, mails, mailed, refused, written, end } = await talkativeGateway()
  await ask(call('signUp', 'SignUpInput', 'accepted'), { input: { email: EMAIL } })
  const link = await mailed(1)
  const confirmed = await ask(
    call('confirmSignUp', 'ConfirmSignUpInput', '... on SignedIn { accessToken refreshToken }'),
    { input: { token: link, consent: 'MEASUREMENTS', username: USERNAME, password: PASSWORD } },
  )
  const accessToken = textAt(confirmed, 'confirmSignUp', 'accessToken')
  const refreshToken = textAt(confirmed, 'confirmSignUp', 'refreshToken')
  const key = textAt(
    await ask(
      call('createApiKey', 'CreateApiKeyInput', '... on CreateApiKeyPayload { secret }'),
      { input: { name: KEY_NAME, level: 4 } },
      accessToken,
    ),
    'createApiKey',
    'secret',
  )
  const ENABLE = call(
    'enableTotp',
    'EnableTotpInput',
    '... on EnableTotpPayload { secret recoveryCodes }',
  )
  const shared = textAt(await ask(ENABLE, { input: {} }, accessToken), 'enableTotp', 'secret')
  const code = totpCode(shared, Math.floor(Date.now() / 30_000))
  const enabled = await ask(ENABLE, { input: { code } }, accessToken)
  const recovery = textAt(enabled, 'enableTotp', 'recoveryCodes', 0)
  await ask(call('updateAccount', 'UpdateAccountInput'), { input: { bio: BIO } }, key)
  const changed = await ask(
    call('changeEmail', 'ChangeEmailInput'),
    { input: { email: NEXT_EMAIL, password: PASSWORD } },
    accessToken,
  )
  expect(changed.data).toEqual({ changeEmail: { __typename: 'MailAccepted' } })
  const SIGN_IN = call('signIn', 'SignInInput', '... on SecondFactorNeeded { challenge }')
  const signedIn = await ask(SIGN_IN, { input: { name: EMAIL, password: PASSWORD } })
  const challenge = textAt(signedIn, 'signIn', 'challenge')
  const exported = await ask('mutation { exportAccount { url } }', {}, accessToken)
  const download = /[^/?]{20,}/.exec(textAt(exported, 'exportAccount', 'url'))?.[0] ?? ''
  const guess = formatKey(randomBytes)
  const made = [link, accessToken, refreshToken, key, shared, recovery, challenge, download, guess]
  const secrets = [...made, ...WRITTEN]
  expect(secrets.filter(({ length }) => length < 8)).toEqual([])

  // Everything that can go wrong with them.
  await ask(SIGN_IN, { input: { name: EMAIL, password: WRONG_PASSWORD } })
  await ask(SIGN_IN, { input: { name: EMAIL, password: [WRONG_PASSWORD] } })
  await ask(SIGN_IN, { input: { name: EMAIL, password: { of: WRONG_PASSWORD } } })
  await ask(SIGN_IN, { input: { name: EMAIL, password: PASSWORD, unknown: 1 } })
  await ask(SIGN_IN, { input: PASSWORD })
  await ask(`mutation { signIn(input: { name: "x", password: ["${PASSWORD}"] }) { __typename } }`)
  await ask(`mutation { signIn(input: "${PASSWORD}") { __typename } }`)
  await ask(`mutation { reportLeakedKey(key: ["${key}"]) { revoked } }`)
  await ask(`mutation { reportLeakedKey(key: "${key}x") { revoked } }`)
  await ask(`{ me { id } "${PASSWORD}" }`)
  await ask('{ me { id } }', {}, guess)
  await ask('{ me { id } }', {}, `${accessToken}x`)
  await ask('{ accounts { totalCount } }', {}, key)
  await ask(call('refreshSession', 'RefreshSessionInput'), {
    input: { refreshToken: [refreshToken] },
  })
  await ask(call('resetPassword', 'ResetPasswordInput'), {
    input: { token: link, newPassword: 'short' },
  })
  await ask(call('resetPassword', 'ResetPasswordInput'), {
    input: { token: 'x'.repeat(5000), newPassword: NEXT_PASSWORD },
  })
  await ask(
    call('changePassword', 'ChangePasswordInput'),
    { input: { password: WRONG_PASSWORD, newPassword: NEXT_PASSWORD } },
    accessToken,
  )
  await ask(
    call('disableTotp', 'DisableTotpInput'),
    { input: { code: recovery, password: PASSWORD } },
    accessToken,
  )
  await query(url, 'alter table credential rename to elsewhere')
  expect((await ask(SIGN_IN, { input: { name: EMAIL, password: PASSWORD } })).status).toBe(500)
  await query(url, 'alter table elsewhere rename to credential')
  await query(url, 'update account set body = reverse(body), label = reverse(label)')
  expect((await ask('{ me { email bio } }', {}, key)).status).toBe(500)

  await vi.waitFor(() => expect(written()).toContain('A request failed.'), PATIENTLY)
  expect(await end('SIGTERM')).toBe(0)
  const subjects = (await mails()).flatMap((mail) => /^Subject: .*$/m.exec(mail) ?? [])
  expect(subjects.length).toBeGreaterThan(0)
  const found = (text: string) => secrets.filter((secret) => text.includes(secret))
  expect(found(written())).toEqual([])
  expect(found(subjects.join('\n'))).toEqual([])
  expect(refused.length).toBeGreaterThan(12)
  expect(refused.flatMap((body) => found(body).map((secret) => `${secret} in ${body}`))).toEqual([])
})

/** A mutation that is asked with one variable, `input`. */
function call(mutation: string, inputType: string, selection = '__typename'): string {
  return `mutation ($input: ${inputType}!) { ${mutation}(input: $input) { ${selection} } }`
}
