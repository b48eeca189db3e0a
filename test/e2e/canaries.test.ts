import { randomBytes } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { formatKey } from '../../src/auth/api-key.ts'
import { totpCode } from '../../src/auth/sign-in/totp.ts'
import { createKeyFile } from '../../src/vault/key-file.ts'
import { sendRequest } from '../support/http-request.ts'
import { query } from '../support/postgres.ts'
import { startGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testDatabase, whenDone } from '../support/test-database.ts'

const PASSWORD = 'canary of a password'
const NEXT_PASSWORD = 'canary of the next password'
const WRONG_PASSWORD = 'canary of a wrong password'
const EMAIL = 'canary-of-an-address@example.org'
const NEXT_EMAIL = 'canary-of-the-next-address@example.org'
const USERNAME = 'canary-of-a-username'
const KEY_NAME = 'canary of the name of a key'
const BIO = 'canary of a bio'

interface Answered {
  readonly status: number
  readonly body: string
  // Whatever the document asks for.
  readonly data: Record<string, any> | null
}

/** A gateway that logs everything, over a database of its own, and all that it writes down. */
async function talkative() {
  const folder = await temporaryFolder()
  whenDone(() => rm(folder, { recursive: true }))
  await createKeyFile(join(folder, 'keys.json'))
  const { url } = await testDatabase()
  const gateway = await startGateway({
    DATABASE_URL: url,
    MAAT_DATA: folder,
    MAAT_DEMO: '0',
    LOG_LEVEL: 'trace',
  })
  let written = gateway.printed
  gateway.child.stdout?.on('data', (chunk: Buffer) => (written += chunk.toString()))
  gateway.child.stderr?.on('data', (chunk: Buffer) => (written += chunk.toString()))
  const refused: string[] = []
  const ask = async (
    document: string,
    variables: object = {},
    token?: string,
  ): Promise<Answered> => {
    const { status, body } = await sendRequest(gateway.origin, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: document, variables }),
    })
    const { data = null, errors } = JSON.parse(body)
    if (errors !== undefined) refused.push(body)
    return { status, body, data }
  }
  const mails = async (): Promise<readonly string[]> => {
    const names = await readdir(join(folder, 'mail')).catch(() => [])
    return Promise.all(names.toSorted().map((name) => readFile(join(folder, 'mail', name), 'utf8')))
  }
  /** The token in the latest mail, once there are so many. */
  const mailed = (count: number): Promise<string> =>
    vi.waitFor(
      async () => {
        const all = await mails()
        const [token] = /maat_lk_[\w-]{43}/.exec(all.at(-1) ?? '') ?? []
        if (all.length < count || token === undefined) throw new Error(`${all.length} mails.`)
        return token
      },
      { timeout: 20_000 },
    )
  return { url, ask, mails, mailed, refused, written: () => written, end: gateway.end }
}

test('no log, error or subject holds what is secret or personal, from a sign-up to the end of the account', async () => {
  const { url, ask, mails, mailed, refused, written, end } = await talkative()
  await ask('mutation ($input: SignUpInput!) { signUp(input: $input) { accepted } }', {
    input: { email: EMAIL },
  })
  const link = await mailed(1)
  const confirmed = await ask(
    'mutation ($input: ConfirmSignUpInput!) { confirmSignUp(input: $input) { ... on SignedIn { accessToken refreshToken } } }',
    { input: { token: link, consent: 'MEASUREMENTS', username: USERNAME, password: PASSWORD } },
  )
  const { accessToken, refreshToken } = confirmed.data?.['confirmSignUp'] ?? {}
  const key = (
    await ask(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeyPayload { secret } } }',
      { input: { name: KEY_NAME, level: 4 } },
      accessToken,
    )
  ).data?.['createApiKey'].secret
  const enable = (input: object) =>
    ask(
      'mutation ($input: EnableTotpInput!) { enableTotp(input: $input) { ... on EnableTotpPayload { secret recoveryCodes } } }',
      { input },
      accessToken,
    )
  const { secret: shared } = (await enable({})).data?.['enableTotp'] ?? {}
  const code = totpCode(shared, Math.floor(Date.now() / 30_000))
  const { recoveryCodes } = (await enable({ code })).data?.['enableTotp'] ?? {}
  await ask(
    'mutation ($input: UpdateAccountInput!) { updateAccount(input: $input) { __typename } }',
    {
      input: { bio: BIO },
    },
    key,
  )
  const changed = await ask(
    'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }',
    { input: { email: NEXT_EMAIL, password: PASSWORD } },
    accessToken,
  )
  expect(changed.data).toEqual({ changeEmail: { __typename: 'MailAccepted' } })
  const SIGN_IN =
    'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SecondFactorNeeded { challenge } } }'
  const challenge = (await ask(SIGN_IN, { input: { name: EMAIL, password: PASSWORD } })).data?.[
    'signIn'
  ].challenge
  const exported = (await ask('mutation { exportAccount { url } }', {}, accessToken)).data?.[
    'exportAccount'
  ].url
  const guess = formatKey(randomBytes)
  const secrets: readonly unknown[] = [
    link,
    accessToken,
    refreshToken,
    key,
    shared,
    recoveryCodes?.[0],
    challenge,
    exported?.split('/').at(-1),
    guess,
    PASSWORD,
    NEXT_PASSWORD,
    WRONG_PASSWORD,
    EMAIL,
    NEXT_EMAIL,
    USERNAME,
    KEY_NAME,
    BIO,
  ]
  expect(secrets.filter((secret) => typeof secret !== 'string' || secret.length < 8)).toEqual([])

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
  await ask(
    'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { __typename } }',
    { input: { refreshToken: [refreshToken] } },
  )
  await ask(
    'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename } }',
    { input: { token: link, newPassword: 'short' } },
  )
  await ask(
    'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename } }',
    { input: { token: 'x'.repeat(5000), newPassword: NEXT_PASSWORD } },
  )
  await ask(
    'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename } }',
    { input: { password: WRONG_PASSWORD, newPassword: NEXT_PASSWORD } },
    accessToken,
  )
  await ask(
    'mutation ($input: DisableTotpInput!) { disableTotp(input: $input) { __typename } }',
    { input: { code: recoveryCodes?.[0], password: PASSWORD } },
    accessToken,
  )
  await query(url, 'alter table credential rename to elsewhere')
  expect((await ask(SIGN_IN, { input: { name: EMAIL, password: PASSWORD } })).status).toBe(500)
  await query(url, 'alter table elsewhere rename to credential')
  await query(url, 'update account set body = reverse(body), label = reverse(label)')
  expect((await ask('{ me { email bio } }', {}, key)).status).toBe(500)

  await vi.waitFor(() => expect(written()).toContain('A request failed.'))
  expect(await end('SIGTERM')).toBe(0)
  const subjects = (await mails()).flatMap((mail) => /^Subject: .*$/m.exec(mail) ?? [])
  expect(subjects.length).toBeGreaterThan(0)
  const found = (text: string) => secrets.filter((secret) => text.includes(String(secret)))
  expect(found(written())).toEqual([])
  expect(found(subjects.join('\n'))).toEqual([])
  expect(refused.length).toBeGreaterThan(12)
  expect(refused.flatMap((body) => found(body).map((secret) => `${secret} in ${body}`))).toEqual([])
})
