import { expect, test } from 'vitest'

import { ask, outbox } from '../../support/act-client.ts'
import { testGateway } from '../../support/gateway.ts'

const SIGN_UP = `mutation ($language: Language) {
  signUp(input: { email: "eva@example.org", language: $language }) { accepted }
}`

test.each([
  ['UK', 'uk'],
  [null, 'en'],
])('an account that is asked for in %s prefers %s', async (language, stored) => {
  const gateway = await testGateway()
  const asked = await ask(gateway, SIGN_UP, { variables: { language } })
  expect(asked.data).toEqual({ signUp: { accepted: true } })
  await outbox(gateway)
  const { rows } = await gateway.database.pool.query('select language from account')
  expect(rows).toEqual([{ language: stored }])
})
