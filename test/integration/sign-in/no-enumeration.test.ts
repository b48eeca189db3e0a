import { describe, expect, test } from 'vitest'

import { type Acted, ask } from '../../support/act-client.ts'
import { countStatements } from '../../support/counted-statements.ts'
import { testGateway } from '../../support/gateway.ts'

const SIGN_IN =
  'mutation ($input: SignInInput!) { signIn(input: $input) { __typename ... on Problem { code message } } }'
const MAILED = [
  ['signUp', 'SignUpInput'],
  ['requestSignInLink', 'EmailInput'],
  ['requestPasswordReset', 'EmailInput'],
] as const

const SAMPLES = 15
/** One argon2 more or less is a factor of ten; noise is not. */
const ALIKE = { min: 0.5, max: 2 }

/** A gateway with one account that has a password, and the statements it sends. */
async function community() {
  const gateway = await testGateway()
  const statements = countStatements(gateway.database.pool)
  const account_id = await gateway.account({ username: 'ada' })
  const password_hash = await gateway.acts.passwords.hash('correct horse battery')
  await gateway.database.kysely
    .insertInto('credential')
    .values({ account_id, password_hash, updated_at: new Date() })
    .execute()
  return { gateway, statements }
}

interface Sample {
  readonly answer: Acted
  readonly ms: number
  readonly statements: number
}

/** Asks for both in turn, so that whatever slows the machine slows both. Guesses are forgotten between them. */
async function compare(known: object, unknown: object, document: string) {
  const { gateway, statements } = await community()
  const sample = async (input: object): Promise<Sample> => {
    await gateway.database.pool.query('delete from guess')
    const before = statements.sent
    const start = performance.now()
    const answer = await ask(gateway, document, { variables: { input } })
    return { answer, ms: performance.now() - start, statements: statements.sent - before }
  }
  await sample(known)
  await sample(unknown)
  const pairs: (readonly [Sample, Sample])[] = []
  for (let n = 0; n < SAMPLES; n += 1) pairs.push([await sample(known), await sample(unknown)])
  return {
    of: pairs.map(([first]) => first),
    ofNobody: pairs.map(([, second]) => second),
  }
}

function median(samples: readonly Sample[]): number {
  const sorted = samples.map(({ ms }) => ms).toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function fewest(samples: readonly Sample[]): number {
  return Math.min(...samples.map(({ statements }) => statements))
}

/** What tells the one from the other. */
function tells({ of, ofNobody }: Awaited<ReturnType<typeof compare>>): readonly string[] {
  const [answers, answersOfNobody] = [of, ofNobody].map((samples) =>
    JSON.stringify(samples.map(({ answer }) => answer)),
  )
  const ratio = median(of) / median(ofNobody)
  return [
    ...(answers === answersOfNobody ? [] : ['the answer']),
    // What the gateway sends by itself now and then falls into some samples, and not into all of them.
    ...(fewest(of) === fewest(ofNobody) ? [] : ['the statements']),
    ...(ratio > ALIKE.min && ratio < ALIKE.max ? [] : [`the time: ${ratio}`]),
  ]
}

describe('whether there is an account is not told', () => {
  test.each(MAILED)('by %s', async (mutation, type) => {
    const document = `mutation ($input: ${type}!) { ${mutation}(input: $input) { accepted } }`
    expect(
      tells(await compare({ email: 'ada@example.test' }, { email: 'eva@example.test' }, document)),
    ).toEqual([])
  })

  test.each([
    ['a username', 'ada', 'eva'],
    ['an address', 'ada@example.test', 'eva@example.test'],
  ])('by a wrong password for %s', async (_what, known, unknown) => {
    const password = 'wrong horse battery'
    expect(
      tells(await compare({ name: known, password }, { name: unknown, password }, SIGN_IN)),
    ).toEqual([])
  })

  test('by how often one may guess', async () => {
    const { gateway } = await community()
    const guesses = async (name: string) => {
      const statuses: number[] = []
      for (let n = 0; n < 12; n += 1) {
        const input = { name, password: 'wrong horse battery' }
        statuses.push(
          (await ask(gateway, SIGN_IN, { variables: { input }, caller: { address: name } })).status,
        )
      }
      return statuses
    }
    const known = await guesses('ada')
    expect(known).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429])
    expect(await guesses('eva')).toEqual(known)
    // Another spelling of the name is the same account.
    const input = { name: ' ADA ', password: 'wrong horse battery' }
    expect(
      (await ask(gateway, SIGN_IN, { variables: { input }, caller: { address: 'x' } })).status,
    ).toBe(429)
  })
})
