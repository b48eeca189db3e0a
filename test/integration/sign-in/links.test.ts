import { describe, expect, test } from 'vitest'

import { ask, mailedToken, outbox } from '../../support/act-client.ts'
import { testGateway } from '../../support/gateway.ts'
import { sessionOf } from '../../support/session-principal.ts'

const PASSWORD = 'correct horse battery'
const NEW_PASSWORD = 'staple battery horse'
const ADA = 'ada@example.test'

const mutation = (name: string, type: string, selection: string) =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ${selection} ... on Problem { code } } }`
const LINK = 'mutation ($input: EmailInput!) { requestSignInLink(input: $input) { accepted } }'
const RESET_LINK =
  'mutation ($input: EmailInput!) { requestPasswordReset(input: $input) { accepted } }'
const WITH_LINK = mutation(
  'signInWithLink',
  'SignInWithLinkInput',
  '... on SignedIn { accessToken }',
)
const RESET = mutation(
  'resetPassword',
  'ResetPasswordInput',
  '... on PasswordChanged { sessionsEnded }',
)
const SIGN_IN = mutation('signIn', 'SignInInput', '... on SignedIn { accessToken }')
const CHANGE = mutation(
  'changePassword',
  'ChangePasswordInput',
  '... on PasswordChanged { sessionsEnded }',
)
const CHANGE_EMAIL = mutation('changeEmail', 'ChangeEmailInput', '... on MailAccepted { accepted }')
const CONFIRM_EMAIL = mutation(
  'confirmEmail',
  'ConfirmEmailInput',
  '... on EmailChanged { changed }',
)

async function ada() {
  let now = new Date()
  const gateway = await testGateway({ now: () => now })
  const accountId = await gateway.account({ username: 'ada' })
  const act = async (document: string, input: object, principal = {}) => {
    const { data, status, codes, problems } = await ask(gateway, document, {
      variables: { input },
      ...principal,
    })
    return { ...Object.values(data)[0], status, codes, problems }
  }
  return {
    gateway,
    accountId,
    act,
    moveBy: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
    setPassword: async (password = PASSWORD) => {
      const password_hash = await gateway.acts.passwords.hash(password)
      await gateway.database.kysely
        .insertInto('credential')
        .values({ account_id: accountId, password_hash, updated_at: now })
        .execute()
    },
    signedIn: { principal: sessionOf(accountId) },
  }
}

describe('a link to sign in', () => {
  test('opens one session', async () => {
    const { gateway, act } = await ada()
    await act(LINK, { email: ADA })
    const token = await mailedToken(gateway, ADA)
    expect(await act(WITH_LINK, { token })).toMatchObject({ __typename: 'SignedIn' })
    expect(await act(WITH_LINK, { token })).toMatchObject({ code: 'LINK_INVALID' })
  })

  test('is good for a quarter of an hour', async () => {
    const { gateway, act, moveBy } = await ada()
    await act(LINK, { email: ADA })
    const token = await mailedToken(gateway, ADA)
    moveBy(15 * 60_000)
    expect(await act(WITH_LINK, { token })).toMatchObject({ code: 'LINK_INVALID' })
  })

  test('opens nothing that another kind of link opens', async () => {
    const { gateway, act } = await ada()
    await act(RESET_LINK, { email: ADA })
    const token = await mailedToken(gateway, ADA)
    expect(await act(WITH_LINK, { token })).toMatchObject({ code: 'LINK_INVALID' })
    expect(await act(RESET, { token, newPassword: NEW_PASSWORD })).toMatchObject({
      __typename: 'PasswordChanged',
    })
  })

  test('that nobody has made opens nothing', async () => {
    const { act } = await ada()
    for (const token of ['', 'x', `maat_lk_${'A'.repeat(43)}`, `maat_rt_${'A'.repeat(43)}`]) {
      expect(await act(WITH_LINK, { token })).toMatchObject({ code: 'LINK_INVALID' })
    }
  })
})

describe('a new password', () => {
  test('by a mailed link ends every session, and its owner is told', async () => {
    const { gateway, act, setPassword } = await ada()
    await setPassword()
    await act(SIGN_IN, { name: 'ada', password: PASSWORD })
    await act(RESET_LINK, { email: ADA })
    const token = await mailedToken(gateway, ADA)
    expect(await act(RESET, { token, newPassword: NEW_PASSWORD })).toMatchObject({
      sessionsEnded: 1,
    })
    expect(await act(SIGN_IN, { name: 'ada', password: PASSWORD })).toMatchObject({
      code: 'SIGN_IN_FAILED',
    })
    expect(await act(SIGN_IN, { name: 'ada', password: NEW_PASSWORD })).toMatchObject({
      __typename: 'SignedIn',
    })
    expect((await outbox(gateway)).map(({ subject }) => subject)).toContain(
      'Your password was changed',
    )
  })

  test('takes the present one, where there is one', async () => {
    const { act, setPassword, signedIn } = await ada()
    await setPassword()
    const input = { password: 'wrong horse battery', newPassword: NEW_PASSWORD }
    expect(await act(CHANGE, input, signedIn)).toMatchObject({ code: 'PASSWORD_WRONG' })
    expect(await act(CHANGE, { newPassword: NEW_PASSWORD }, signedIn)).toMatchObject({
      code: 'PASSWORD_WRONG',
    })
    expect(await act(CHANGE, { ...input, password: PASSWORD }, signedIn)).toMatchObject({
      __typename: 'PasswordChanged',
    })
  })

  test.each([
    ['too short', 'short'],
    ['one of those that anybody would guess', 'Password1234'],
    ['one character again and again', 'aaaaaaaaaaaa'],
    ['digits alone', '8273645190'],
    ['too long', 'x'.repeat(257)],
  ])('that is %s is refused, and never quoted', async (_what, newPassword) => {
    const { act, signedIn } = await ada()
    const refused = await act(CHANGE, { newPassword }, signedIn)
    expect(refused).toMatchObject({ status: 422, codes: ['INPUT_INVALID'] })
    expect(refused.problems).toMatchObject([{ path: 'changePassword.input.newPassword' }])
    expect(JSON.stringify(refused)).not.toContain(newPassword)
  })
})

describe('another address', () => {
  test('holds once the link that went to it is followed; the one before is told', async () => {
    const { gateway, act, setPassword, signedIn } = await ada()
    await setPassword()
    const email = 'new@example.test'
    expect(
      await act(CHANGE_EMAIL, { email, password: 'wrong horse battery' }, signedIn),
    ).toMatchObject({ code: 'PASSWORD_WRONG' })
    expect(await act(CHANGE_EMAIL, { email, password: PASSWORD }, signedIn)).toMatchObject({
      accepted: true,
    })
    expect(await act(SIGN_IN, { name: ADA, password: PASSWORD })).toMatchObject({
      __typename: 'SignedIn',
    })
    const token = await mailedToken(gateway, email)
    expect(await act(CONFIRM_EMAIL, { token })).toMatchObject({ changed: true })
    expect(await act(SIGN_IN, { name: ADA, password: PASSWORD })).toMatchObject({
      code: 'SIGN_IN_FAILED',
    })
    expect(await act(SIGN_IN, { name: email, password: PASSWORD })).toMatchObject({
      __typename: 'SignedIn',
    })
    const told = (await outbox(gateway)).find(
      ({ subject }) => subject === 'Your account has another address',
    )
    expect(told?.to).toBe(ADA)
  })

  test('that is another account’s gets no link, and the answer is the same', async () => {
    const { gateway, act, setPassword, signedIn } = await ada()
    await setPassword()
    await gateway.account({ username: 'eva' })
    const input = { email: 'eva@example.test', password: PASSWORD }
    expect(await act(CHANGE_EMAIL, input, signedIn)).toMatchObject({ accepted: true })
    expect(await outbox(gateway)).toEqual([])
  })
})

test('acts that guess stand alone in an operation, however they are named', async () => {
  const { gateway } = await ada()
  const aliases = Array.from(
    { length: 3 },
    (_, n) => `a${n}: signIn(input: { name: "ada", password: "x${n}" }) { __typename }`,
  )
  const refused = await ask(gateway, `mutation { ${aliases.join(' ')} }`)
  expect(refused).toMatchObject({ status: 400, codes: ['DOCUMENT_INVALID'] })
  const mixed = await ask(
    gateway,
    'mutation { signIn(input: { name: "a", password: "b" }) { __typename } requestSignInLink(input: { email: "a@b.example" }) { accepted } }',
  )
  expect(mixed).toMatchObject({ status: 400, codes: ['DOCUMENT_INVALID'] })
})

test('what stands alone has no company at all, not even what comes after it', async () => {
  const { gateway, signedIn } = await ada()
  const document = 'mutation { signOut { __typename } deleteAccount(input: {}) { __typename } }'
  const refused = await ask(gateway, document, signedIn)
  expect(refused).toMatchObject({ status: 400, codes: ['DOCUMENT_INVALID'] })
})

test('five sign-ups leave one network for a day; each address is asked about three times', async () => {
  const { gateway, act } = await ada()
  const SIGN_UP = 'mutation ($input: SignUpInput!) { signUp(input: $input) { accepted } }'
  for (let n = 0; n < 5; n += 1)
    expect((await act(SIGN_UP, { email: `x${n}@example.test` })).status).toBe(200)
  const sixth = await act(SIGN_UP, { email: 'x6@example.test' })
  expect(sixth).toMatchObject({ status: 429, codes: ['RATE_LIMITED'] })
  expect(await outbox(gateway)).toHaveLength(5)
})
