import { expect, test } from 'vitest'

import { ask, mailedToken } from '../../support/act-client.ts'
import { testGateway } from '../../support/gateway.ts'
import { sessionOf } from '../../support/session-principal.ts'

const CONFIRM = `mutation ($input: ConfirmSignUpInput!) {
  confirmSignUp(input: $input) { __typename }
}`
const CHANGE = `mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) { __typename }
}`
const RESET = `mutation ($input: ResetPasswordInput!) {
  resetPassword(input: $input) { __typename }
}`

const email = 'needlewoman@example.org'
const password = 'correct horse battery'

test('nobody confirms a sign-up with a password that holds username or address; the link stays good', async () => {
  const gateway = await testGateway()
  const token = await signUp(gateway)
  const bad = { token, consent: 'MEASUREMENTS', username: '_Evangeline', password: 'needlewo' }
  expect((await ask(gateway, CONFIRM, { variables: { input: bad } })).problems).toMatchObject([
    { path: 'confirmSignUp.input.username', found: '_Evangeline' },
    { path: 'confirmSignUp.input.password' },
  ])
  for (const named of ['My Needlewoman 1', 'evangeline!!']) {
    const input = { token, consent: 'MEASUREMENTS', username: 'Evangeline', password: named }
    const refused = await ask(gateway, CONFIRM, { variables: { input } })
    expect(refused.codes).toEqual(['INPUT_INVALID'])
    expect(refused.problems).toEqual([problemAt('confirmSignUp.input.password')])
  }
  const input = { token, consent: 'MEASUREMENTS', username: 'Evangeline', password }
  expect((await ask(gateway, CONFIRM, { variables: { input } })).data).toEqual({
    confirmSignUp: { __typename: 'SignedIn' },
  })
})

test('nobody changes or resets a password to one that holds username or address', async () => {
  const gateway = await testGateway()
  const token = await signUp(gateway)
  const confirm = { token, consent: 'MEASUREMENTS', password }
  await ask(gateway, CONFIRM, { variables: { input: confirm } })
  const { id } = await gateway.database.kysely
    .selectFrom('account')
    .select('id')
    .executeTakeFirstOrThrow()
  const newPassword = 'needlewoman 2026'
  const changed = await ask(gateway, CHANGE, {
    principal: sessionOf(id),
    variables: { input: { password, newPassword } },
  })
  expect(changed.problems).toEqual([problemAt('changePassword.input.newPassword')])
  await ask(
    gateway,
    'mutation ($input: EmailInput!) { requestPasswordReset(input: $input) { __typename } }',
    {
      variables: { input: { email } },
    },
  )
  const reset = { token: await mailedToken(gateway, email), newPassword }
  expect((await ask(gateway, RESET, { variables: { input: reset } })).problems).toEqual([
    problemAt('resetPassword.input.newPassword'),
  ])
  const better = { ...reset, newPassword: 'wrong horse battery' }
  expect((await ask(gateway, RESET, { variables: { input: better } })).data).toEqual({
    resetPassword: { __typename: 'PasswordChanged' },
  })
})

async function signUp(gateway: Awaited<ReturnType<typeof testGateway>>): Promise<string> {
  await ask(gateway, 'mutation ($input: SignUpInput!) { signUp(input: $input) { accepted } }', {
    variables: { input: { email } },
  })
  return mailedToken(gateway, email)
}

function problemAt(path: string): object {
  return {
    code: 'INPUT_INVALID',
    path,
    message: 'A password does not hold the username, or the beginning of the e-mail address.',
  }
}
