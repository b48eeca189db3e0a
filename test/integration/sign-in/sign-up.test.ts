import { describe, expect, test } from 'vitest'

import { ask, mailedToken, outbox } from '../../support/act-client.ts'
import { testGateway } from '../../support/gateway.ts'

const SIGN_UP = 'mutation ($input: SignUpInput!) { signUp(input: $input) { accepted } }'
const CONFIRM = `mutation ($input: ConfirmSignUpInput!) { confirmSignUp(input: $input) {
  __typename ... on SignedIn { account session accessToken refreshToken } ... on Problem { code }
} }`
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  __typename ... on SignedIn { account accessToken refreshToken }
  ... on SecondFactorNeeded { challenge } ... on Problem { code }
} }`

const email = 'eva@example.org'
const password = 'correct horse battery'

describe('a sign-up', () => {
  test('is confirmed by the mailed link, once, and opens a session', async () => {
    const gateway = await testGateway()
    const asked = await ask(gateway, SIGN_UP, { variables: { input: { email } } })
    expect(asked).toMatchObject({ status: 200, data: { signUp: { accepted: true } } })
    const token = await mailedToken(gateway, email)
    const input = { token, consent: 'MEASUREMENTS', username: 'Eva', password }
    const confirmed = await ask(gateway, CONFIRM, { variables: { input } })
    expect(confirmed.data).toMatchObject({
      confirmSignUp: {
        __typename: 'SignedIn',
        account: expect.stringMatching(/^acc_/),
        session: expect.stringMatching(/^ses_/),
        refreshToken: expect.stringMatching(/^maat_rt_/),
      },
    })
    const again = await ask(gateway, CONFIRM, { variables: { input } })
    expect(again.data).toEqual({
      confirmSignUp: { __typename: 'LinkInvalid', code: 'LINK_INVALID' },
    })
    const signedIn = await ask(gateway, SIGN_IN, {
      variables: { input: { name: 'eva', password } },
    })
    expect(signedIn.data['signIn']['__typename']).toBe('SignedIn')
    const byAddress = { name: ' EVA@example.org', password }
    const wrong = { name: 'eva', password: 'wrong horse battery' }
    expect(
      (await ask(gateway, SIGN_IN, { variables: { input: byAddress } })).data['signIn'][
        '__typename'
      ],
    ).toBe('SignedIn')
    expect((await ask(gateway, SIGN_IN, { variables: { input: wrong } })).data['signIn']).toEqual({
      __typename: 'SignInFailed',
      code: 'SIGN_IN_FAILED',
    })
  })

  test('under an address that has an account answers the same, and tells that account by mail', async () => {
    const gateway = await testGateway()
    const known = 'ada@example.test'
    await gateway.account({ username: 'ada' })
    const first = await ask(gateway, SIGN_UP, { variables: { input: { email: known } } })
    const second = await ask(gateway, SIGN_UP, { variables: { input: { email } } })
    expect(first).toEqual(second)
    expect((await outbox(gateway)).map(({ to, subject }) => [to, subject])).toEqual([
      [known, 'You have an account already'],
      [email, 'Confirm your account'],
    ])
  })
})
